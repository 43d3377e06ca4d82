import { describe, expect, it } from 'vitest'
import { compiledReference } from '../../../src/detectors/compiled-reference.ts'
import { judgePerformance } from '../../../src/detectors/performance.ts'
import { addOutcome, createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { OPTIONS } from '../../support/counted-samples.ts'

const DAY_MS = 86_400_000
const DAYS = 40
const ROWS = 250

/** A day's outcomes; of so many labels chance decides and not the score. */
function dayOf(random: Random, noise: number) {
  return Array.from({ length: ROWS }, () => {
    const score = random()
    const label = random() < (random() < noise ? 0.5 : score) ? 1 : 0
    return { prediction: score > 0.5 ? 1 : 0, score, label }
  })
}

/** Every other day the model ranks worse by so much. */
function referenceOf(swing: number) {
  const random = createRandom('days of areas')
  const rows = Array.from({ length: DAYS }, (_, day) =>
    dayOf(random, day % 2 === 0 ? 0.5 - swing : 0.5 + swing).map((outcome, at) => ({
      ...outcome,
      at: day * DAY_MS + at * 300_000,
      features: { x: 1 },
    })),
  ).flat()
  return buildReference({
    model: 'm',
    version: '1',
    createdAt: 0,
    task: 'binary',
    positiveLabel: '1',
    features: new Map([['x', 'numeric']]),
    rows: () => rows,
    windowMs: DAY_MS,
    covered: { fromMs: 0, toMs: DAYS * DAY_MS },
  })
}

/** What is said of the area of a day as bad as the reference's bad ones. */
function areaOfBadDay(swing: number) {
  const reference = referenceOf(swing)
  const window = createPerformanceCounts('binary')
  for (const outcome of dayOf(createRandom('a bad day'), 0.9)) {
    addOutcome(window, { ...outcome, positiveLabel: '1' })
  }
  const { outcomes } = compiledReference(reference)
  return judgePerformance(reference.performance!, window, OPTIONS, { byMetric: outcomes, windows: 1 }).find(
    ({ statistic }) => statistic === 'auc',
  )!
}

describe('the scatter of areas', () => {
  it('decides where the reference has days as bad: its p-value and bounds are those of such days', () => {
    const steady = areaOfBadDay(0)
    const restless = areaOfBadDay(0.4)
    expect([steady.null, restless.null]).toEqual(['independent', 'panes'])
    expect(steady.pValue).toBeLessThan(0.01)
    expect(restless.pValue).toBeGreaterThan(0.05)
    const width = ({ effectLower, effectUpper }: typeof steady) => effectUpper! - effectLower!
    expect(width(restless)).toBeGreaterThan(1.5 * width(steady))
  })

  it('is not known of days with fewer than ten values of a class', () => {
    const { panes } = referenceOf(0)
    const { auc, aucError } = panes!.outcomes!
    expect([auc.length, aucError.every((error) => error > 0)]).toEqual([DAYS, true])
    const rare = buildReference({
      model: 'm',
      version: '1',
      createdAt: 0,
      task: 'binary',
      positiveLabel: '1',
      features: new Map([['x', 'numeric']]),
      rows: () =>
        Array.from({ length: 200 }, (_, at) => ({
          at: at * (DAY_MS / 100),
          features: { x: 1 },
          prediction: 0,
          score: 0.1,
          label: at % 12 === 0 ? 1 : 0,
        })),
      windowMs: DAY_MS,
      covered: { fromMs: 0, toMs: 2 * DAY_MS },
    })
    expect([...rare.panes!.outcomes!.aucError]).toEqual([0, 0])
    expect(compiledReference(rare).outcomes.has('auc')).toBe(false)
  })
})
