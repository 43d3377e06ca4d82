import { describe, expect, it } from 'vitest'
import { createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../../src/sketches/performance-counts.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import {
  advanceWatch,
  judgeWatch,
  type OutcomeWatch,
  restartWatch,
  watchOf,
} from '../../../src/steps/outcome-watch.ts'
import { planOf } from '../../../src/steps/plan-windows.ts'
import {
  closeUntil,
  createWindowStore,
  mergeCounts,
  planWindows,
  type WindowStore,
} from '../../../src/windows/window-store.ts'
import { findingLike, OPTIONS } from '../../support/counted-samples.ts'
import { smallModel } from '../../support/small-options.ts'
import { smallReferenceOf } from '../../support/small-reference.ts'

const MINUTE_MS = 60_000
const rows = Array.from({ length: 2_000 }, (_, at) => ({
  features: { x: at / 2_000, c: 'abc'[at % 3]! },
  prediction: at % 2,
  score: at % 2 === 1 ? 0.8 : 0.2,
  label: at % 5 === 0 ? 1 - (at % 2) : at % 2,
}))
const reference = smallReferenceOf({
  createdAt: 0,
  rows: () => rows,
})
const model = {
  ...smallModel,
  classics: ['ddm', 'psi'] as const,
  windows: { ...smallModel.windows, labelDelayMs: MINUTE_MS },
}
const begin = () => watchOf(null, model, '1', reference, MINUTE_MS)!

function storeOf(): WindowStore {
  const store = createWindowStore(MINUTE_MS, 0)
  planWindows(store, planOf(model, reference, MINUTE_MS))
  return store
}

/** A minute of 100 scored outcomes, so many of them wrong. */
function pass(watch: OutcomeWatch, store: WindowStore, minute: number, wrong: number): void {
  const sketch = createPaneSketch('binary')
  for (let at = 0; at < 100; at++) {
    const prediction = at % 2
    const label = at < wrong ? 1 - prediction : prediction
    addOutcome(sketch.performance, {
      prediction,
      score: prediction === 1 ? 0.8 : 0.2,
      label,
      positiveLabel: '1',
    })
  }
  mergeCounts(store, minute * MINUTE_MS, sketch)
  const end = (minute + 1) * MINUTE_MS
  advanceWatch(watch, model, reference, store, end, MINUTE_MS)
  closeUntil(store, end)
}

describe('the watch of outcomes', () => {
  it('takes a pane when its labels are complete, and not before', () => {
    const watch = begin()
    const store = storeOf()
    pass(watch, store, 0, 20)
    expect(watch.n).toBe(0)
    pass(watch, store, 1, 50)
    expect(watch).toMatchObject({ n: 100, errors: 20 })
    pass(watch, store, 2, 20)
    expect(watch).toMatchObject({ n: 100, errors: 50 })
  })

  it('gathers evidence of Brier scores that rise, and begins anew when asked', () => {
    const watch = begin()
    const store = storeOf()
    for (let minute = 0; minute < 20; minute++) pass(watch, store, minute, 20)
    expect(watch.loss).toMatchObject({ kind: 'brier', detector: { drift: false } })
    for (let minute = 20; minute < 40; minute++) pass(watch, store, minute, 60)
    expect(watch.loss!.detector.drift).toBe(true)
    const brier = findingLike({
      detector: 'performance',
      subject: 'brier',
      statistic: 'brier',
      value: 0.4,
      referenceValue: 0.16,
      effectLower: 0.2,
      effectUpper: 0.28,
    })
    const { performance, classic } = judgeWatch(watch, reference, [brier], OPTIONS)
    expect(performance).toMatchObject([{ subject: 'brier', statistic: 'e-detector', verdict: 'drifted' }])
    // A fixed rule is about features: of the two expert modes one watches outcomes.
    expect(classic.map(({ statistic }) => statistic)).toEqual(['ddm'])
    restartWatch(watch)
    expect(watch.loss!.detector.drift).toBe(false)
  })

  it('is kept for the same version and reference, and made anew for another', () => {
    const watch = begin()
    expect(watchOf(watch, model, '1', reference, MINUTE_MS)).toBe(watch)
    expect(watchOf(watch, model, '2', reference, MINUTE_MS)).not.toBe(watch)
    expect(watchOf(null, model, '1', { ...reference, performance: null }, MINUTE_MS)).toBeNull()
    const nothing = {
      ...model,
      budget: { ...model.budget, shares: { outcomes: 0, score: 0.5, features: 0.5 } },
    }
    expect(watchOf(null, nothing, '1', reference, MINUTE_MS)).toMatchObject({ loss: null })
  })
})

describe('the watch of a regression', () => {
  const noise = Array.from({ length: 4_000 }, (_, at) => Math.sin(at * 12.9898) * (1 + (at % 3)))
  const regression = buildReference({
    model: 'small',
    version: '1',
    createdAt: 0,
    task: 'regression',
    positiveLabel: '',
    features: new Map([['x', 'numeric']]),
    rows: () => noise.map((error, at) => ({ features: { x: at }, prediction: 100 + error, label: 100 })),
  })
  // Of these only the last six know what to do with errors of any size.
  const classics = [
    'ddm',
    'eddm',
    'rate-scan',
    'psi',
    'cusum',
    'adwin',
    'page-hinkley',
    'hddm-a',
    'hddm-w',
    'kswin',
  ] as const
  const watching = { ...model, classics, task: 'regression' as const }

  /** The ends of twenty minutes of 100 errors each, `times` those of the reference `from` a minute on. */
  function evidenceAfter(
    times: number,
    outlier = 0,
    from = 0,
  ): { drift: boolean; logEvidence: number; alarmed: ReadonlySet<string> } {
    const watch = watchOf(null, watching, '1', regression, MINUTE_MS)!
    const store = createWindowStore(MINUTE_MS, 0)
    const alarmed = new Set<string>()
    planWindows(store, planOf(watching, regression, MINUTE_MS))
    for (let minute = 0; minute < 20; minute++) {
      const sketch = createPaneSketch('regression')
      for (let at = 0; at < 100; at++) {
        const error =
          at === 0 && outlier > 0
            ? outlier
            : (minute < from ? 1 : times) * noise[(100 * minute + at) % noise.length]!
        addOutcome(sketch.performance, {
          prediction: 100 + error,
          score: undefined,
          label: 100,
          positiveLabel: '',
        })
      }
      mergeCounts(store, minute * MINUTE_MS, sketch)
      advanceWatch(watch, watching, regression, store, (minute + 1) * MINUTE_MS, MINUTE_MS)
      for (const one of judgeWatch(watch, regression, [], { ...watching.detection, alpha: 0.01 }).classic) {
        expect(one.subject).toBe('clipped-error')
        if (one.verdict === 'drifted') alarmed.add(one.statistic)
      }
      closeUntil(store, (minute + 1) * MINUTE_MS)
    }
    expect(watch.classics.map(({ last }) => last.drift)).toHaveLength(6)
    return { ...watch.loss!.detector, alarmed }
  }

  it('gathers evidence of errors that grew, not of the same ones, nor of a wild one a minute', () => {
    expect(evidenceAfter(1).drift).toBe(false)
    expect(evidenceAfter(2).drift).toBe(true)
    // KSWIN tests at every value with no account of it.
    expect([...evidenceAfter(1).alarmed].filter((name) => name !== 'kswin')).toEqual([])
    expect([...evidenceAfter(2).alarmed]).toContain('cusum')
    // The others know the stream alone: they see errors that grow while they watch.
    expect([...evidenceAfter(4, 0, 10).alarmed].sort()).toEqual([...classics.slice(4)].sort())
    expect(evidenceAfter(1, 1e9).drift).toBe(false)
  })
})
