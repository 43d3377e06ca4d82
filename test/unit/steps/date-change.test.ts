import { describe, expect, it } from 'vitest'
import { layoutOf } from '../../../src/sketches/block-layout.ts'
import { addFeatures, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../../src/sketches/performance-counts.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { dateChange } from '../../../src/steps/date-change.ts'
import { planOf } from '../../../src/steps/plan-windows.ts'
import { closeUntil, createWindowStore, mergeCounts, planWindows } from '../../../src/windows/window-store.ts'
import { findingLike } from '../../support/counted-samples.ts'
import { smallModel, smallStream } from '../../support/small-options.ts'
import { smallReferenceOf } from '../../support/small-reference.ts'

const { paneMs } = smallStream
const PANES = 60
const EVENTS = 60

interface World {
  readonly x: (random: () => number) => number | string | null
  readonly c: (random: () => number) => string | null
  readonly isRight: (random: () => number) => boolean
}

const before: World = {
  x: (random) => random(),
  // A hundred categories, most of them rare.
  c: (random) => `c${Math.floor(100 * random() ** 3)}`,
  isRight: (random) => random() < 0.9,
}

function event(world: World, random: () => number) {
  const label = random() < 0.5 ? 1 : 0
  const prediction = world.isRight(random) ? label : 1 - label
  const score = prediction === 1 ? 0.6 + 0.4 * random() : 0.4 * random()
  return { features: { x: world.x(random), c: world.c(random) }, prediction, score, label }
}

const learned = createRandom('reference')
const rows = Array.from({ length: 5_000 }, () => event(before, learned))
const reference = smallReferenceOf({
  createdAt: 0,
  rows: () => rows,
})

/** Panes of `before`, from `changed` on of another world, and where the change is dated. */
function dated(world: Partial<World>, changed: number, finding: Parameters<typeof findingLike>[0]): number {
  const random = createRandom(`${JSON.stringify(finding)} ${changed}`)
  const store = createWindowStore(paneMs, 0)
  planWindows(store, planOf(smallModel, reference, paneMs))
  for (let pane = 0; pane < PANES; pane++) {
    const sketch = createPaneSketch('binary')
    for (let i = 0; i < EVENTS; i++) {
      const { features, ...outcome } = event(pane < changed ? before : { ...before, ...world }, random)
      addFeatures(sketch, layoutOf(reference), features, `${pane}-${i}`)
      addOutcome(sketch.performance, { ...outcome, positiveLabel: '1' })
    }
    mergeCounts(store, pane * paneMs, sketch)
    closeUntil(store, (pane + 1) * paneMs)
  }
  return dateChange(findingLike(finding), smallModel, reference, store, 0)! / paneMs
}

const of = (subject: string, statistic: string) => ({ subject, statistic })
const rarely = (share: number, other: (random: () => number) => null | string | number) =>
  ((random: () => number) => (random() < share ? other(random) : random())) as World['x']

describe('dateChange', () => {
  it.each<[string, Partial<World>, Parameters<typeof findingLike>[0]]>([
    ['a shift of half its width', { x: (random) => 0.5 + random() }, of('x', 'psi')],
    ['a narrowing, whatever statistic saw it', { x: (random) => 0.25 + random() / 2 }, of('x', 'ks')],
    ['missing values', { x: rarely(0.2, () => null) }, of('x', 'missing-rate')],
    ['text for numbers', { x: rarely(0.2, () => 'none') }, of('x', 'wrong-type-rate')],
    ['values out of range', { x: rarely(0.2, () => 7) }, of('x', 'out-of-range-rate')],
    [
      'a frequent category gone',
      { c: (random) => `c${5 + Math.floor(90 * random())}` },
      of('c', 'chi-square'),
    ],
    ['a rare category grown', { c: (random) => (random() < 0.3 ? 'c97' : before.c(random)) }, of('c', 'psi')],
    [
      'a new category',
      { c: (random) => (random() < 0.3 ? 'new' : before.c(random)) },
      of('c', 'unseen-rate'),
    ],
    [
      'a fall of performance',
      { isRight: (random) => random() < 0.5 },
      { detector: 'performance', ...of('auc', 'auc') },
    ],
  ])('dates %s to the pane', (_, world, finding) => {
    for (const changed of [12, 30, 51]) expect(dated(world, changed, finding)).toBe(changed)
  })

  it('looks no further back than it is told, and dates nothing it remembers nothing of', () => {
    const store = createWindowStore(paneMs, 0)
    planWindows(store, planOf(smallModel, reference, paneMs))
    const date = (parts: Parameters<typeof findingLike>[0], fromMs: number) =>
      dateChange(findingLike(parts), smallModel, reference, store, fromMs)
    expect(date(of('x', 'psi'), 0)).toBeNull()
    expect(date({ detector: 'performance', ...of('auc', 'auc') }, 0)).toBeNull()
    const sketch = createPaneSketch('binary')
    addFeatures(sketch, layoutOf(reference), { x: 0.5, c: 'c1' }, 'a')
    for (const pane of [0, 1]) mergeCounts(store, pane * paneMs, sketch)
    closeUntil(store, 2 * paneMs)
    expect(date(of('x', 'psi'), 0)).toBe(0)
    expect(date(of('x', 'psi'), paneMs)).toBe(paneMs)
    expect(date(of('__proto__', 'psi'), 0)).toBeNull()
  })
})
