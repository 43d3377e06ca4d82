import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareMetrics } from '../../src/detectors/performance-metrics.ts'
import { absoluteErrorQuantile } from '../../src/detectors/regression-metrics.ts'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { referenceEvent } from '../../src/events/reference-event.ts'
import { ByteReader } from '../../src/sketches/byte-reader.ts'
import { ByteWriter } from '../../src/sketches/byte-writer.ts'
import { createCategoryDictionary } from '../../src/sketches/category-dictionary.ts'
import { addDelay } from '../../src/sketches/label-delays.ts'
import { readOutcomes, writeOutcomes } from '../../src/sketches/outcome-codec.ts'
import { OUTCOME_CELLS, OUTCOME_SUMS } from '../../src/sketches/outcome-layout.ts'
import {
  addOutcome,
  addScore,
  clonePerformanceCounts,
  createPerformanceCounts,
  mergePerformanceCounts,
  type Outcome,
  subtractPerformanceCounts,
} from '../../src/sketches/performance-counts.ts'
import { fromReferenceEvent, toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import type { PerformanceCounts, Task } from '../../src/sketches/types.ts'
import { areaErrorMax, areaUnderCurve } from '../../src/statistics/auc.ts'
import { anyPerformanceCounts } from '../support/sketch-deltas.ts'
import { smallReference } from '../support/sketch-samples.ts'

const classes = createCategoryDictionary(['a', 'b', 'c'])
const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, 0.5, 1e-300, 1 - 2 ** -53),
)
const className = fc.constantFrom('a', 'b', 'c', 'd', '__proto__')
/** Of any scale, on both sides of what a histogram bin or a digit of a sum holds. */
const measured = fc.oneof(
  fc.double({ min: -1e36, max: 1e36, noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0, -0, 5e-324, 1e-160, -1e-20, 2 ** 32, 2 ** 120),
)

/** Before the prediction, within a day, and beyond what any cell tells apart. */
const delayMs = fc.oneof(fc.integer({ min: -10_000, max: 86_400_000 }), fc.maxSafeNat())

interface DelayedOutcome extends Outcome {
  readonly delayMs?: number
}

const outcomes: Record<Task, fc.Arbitrary<DelayedOutcome>> = {
  binary: fc.record({
    prediction: fc.constantFrom(0, 1, 'x'),
    score: fc.option(probability, { nil: undefined }),
    label: fc.constantFrom(0, 1, '1'),
    positiveLabel: fc.constant('1'),
    delayMs,
  }),
  multiclass: fc.record({
    prediction: className,
    score: fc.option(
      fc.record({ a: probability, b: probability, c: probability }, { requiredKeys: ['a', 'b'] }),
      { nil: undefined },
    ),
    label: className,
    positiveLabel: fc.constant(''),
    classes: fc.constant(classes),
    delayMs,
  }),
  regression: fc.record({
    prediction: measured,
    score: fc.constant(undefined),
    label: measured,
    positiveLabel: fc.constant(''),
    delayMs,
  }),
}

function counted(task: Task, rows: readonly DelayedOutcome[]): PerformanceCounts {
  const counts = createPerformanceCounts(task)
  for (const row of rows) {
    addScore(counts, row)
    const isCounted = addOutcome(counts, row)
    if (isCounted && row.delayMs !== undefined) addDelay(counts, row.delayMs)
  }
  return counts
}

function merged(task: Task, parts: readonly PerformanceCounts[]): PerformanceCounts {
  const sum = createPerformanceCounts(task)
  for (const part of parts) mergePerformanceCounts(sum, part)
  return sum
}

function bytesOf(counts: PerformanceCounts): Uint8Array {
  const writer = new ByteWriter()
  writeOutcomes(writer, counts)
  return writer.finish()
}

function decoded(bytes: Uint8Array): PerformanceCounts {
  const reader = new ByteReader(bytes)
  const counts = readOutcomes(reader, { left: 2 ** 20 })
  reader.end()
  return counts
}

/** An array of zeros says what an empty one says. */
function content(counts: PerformanceCounts): PerformanceCounts {
  const copy = clonePerformanceCounts(counts)
  for (const name of OUTCOME_CELLS)
    if (!copy[name].some((count) => count !== 0)) copy[name] = Uint32Array.of()
  for (const name of OUTCOME_SUMS)
    if (!copy[name].some((digit) => digit !== 0)) copy[name] = Float64Array.of()
  return copy
}

const value = (counts: PerformanceCounts, metric: string): number =>
  compareMetrics(counts, counts).find((comparison) => comparison.metric === metric)!.value

describe.each(['binary', 'multiclass', 'regression'] as const)('outcomes of a %s model', (task) => {
  const split = fc.array(fc.array(outcomes[task], { maxLength: 12 }), { minLength: 1, maxLength: 6 })

  it('merge to the same bytes as counting everything at once, in any split and any order', () => {
    const splitAndOrder = split.chain((parts) =>
      fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })),
    )
    fc.assert(
      fc.property(splitAndOrder, ([parts, shuffled]) => {
        const whole = counted(task, parts.flat())
        const inOrder = merged(
          task,
          parts.map((rows) => counted(task, rows)),
        )
        expect(inOrder).toEqual(whole)
        const [first, ...rest] = shuffled.map((rows) => counted(task, rows))
        const nested = merged(task, [first!, merged(task, rest)])
        expect(bytesOf(nested)).toEqual(bytesOf(whole))
      }),
    )
  })

  it('are what they were when something is added and taken out again', () => {
    fc.assert(
      fc.property(fc.array(outcomes[task]), fc.array(outcomes[task]), (kept, gone) => {
        const counts = counted(task, kept)
        const copy = clonePerformanceCounts(counts)
        mergePerformanceCounts(counts, counted(task, gone))
        subtractPerformanceCounts(counts, counted(task, gone))
        // How many classes there are is not forgotten.
        counts.classCount = copy.classCount
        expect(bytesOf(counts)).toEqual(bytesOf(copy))
      }),
    )
  })

  it('come back from their bytes and from a reference', () => {
    fc.assert(
      fc.property(fc.array(outcomes[task], { maxLength: 20 }), (rows) => {
        const performance = counted(task, rows)
        expect(decoded(bytesOf(performance))).toEqual(content(performance))
        const reference = {
          ...smallReference(),
          task,
          performance,
          ...(task === 'multiclass' ? { classes } : {}),
        }
        const event = referenceEvent.parse(JSON.parse(JSON.stringify(toReferenceEvent(reference))))
        expect(fromReferenceEvent(event)).toEqual(reference)
      }),
      { numRuns: 30 },
    )
  })
})

describe('the codec of outcomes', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(anyPerformanceCounts, (counts) => {
        const bytes = bytesOf(counts)
        expect(decoded(bytes)).toEqual(counts)
        expect(bytesOf(decoded(bytes))).toEqual(bytes)
      }),
    )
  })

  it('takes three bytes for nothing', () => {
    expect(bytesOf(createPerformanceCounts('multiclass'))).toHaveLength(3)
    expect(
      bytesOf(counted('binary', [{ prediction: 1, score: 0.5, label: 1, positiveLabel: '1' }])).length,
    ).toBeLessThan(60)
  })

  it('decodes or refuses bytes with a few changed', () => {
    const whole = bytesOf(
      counted('multiclass', [
        { prediction: 'a', score: { a: 0.5, b: 0.5 }, label: 'b', positiveLabel: '', classes },
      ]),
    )
    const change = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(change, (changes) => {
        const bytes = whole.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        try {
          bytesOf(decoded(bytes))
        } catch (error) {
          expect(error instanceof DriftstreamError && error.code).toBe('DELTA_UNDECODABLE')
        }
      }),
      { numRuns: 5000 },
    )
  })
})

describe('metrics from counts', () => {
  const scored = fc.array(fc.record({ score: probability, label: fc.constantFrom(0, 1) }), {
    minLength: 40,
    maxLength: 200,
  })
  const asOutcomes = (rows: readonly { score: number; label: number }[]): Outcome[] =>
    rows.map(({ score, label }) => ({ prediction: score >= 0.5 ? 1 : 0, score, label, positiveLabel: '1' }))

  it('are those of the rows, within the stated bounds', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const counts = counted('binary', asOutcomes(rows))
        const n = rows.length
        const brier = rows.reduce((sum, { score, label }) => sum + (score - label) ** 2, 0) / n
        expect(Math.abs(value(counts, 'brier') - brier)).toBeLessThan(1e-12)
        const clip = (p: number): number => Math.min(1 - 1e-15, Math.max(1e-15, p))
        const logLoss =
          rows.reduce((sum, { score, label }) => sum - Math.log(clip(label === 1 ? score : 1 - score)), 0) / n
        expect(Math.abs(value(counts, 'log-loss') - logLoss)).toBeLessThan(2e-12)
        expect(Math.abs(value(counts, 'calibration-error') - rawCalibrationError(rows))).toBeLessThan(2.4e-7)
        const area = areaUnderCurve(counts.joint)
        if (area === null) return
        expect(Math.abs(area.value - rawArea(rows))).toBeLessThanOrEqual(areaErrorMax(counts.joint) + 1e-12)
      }),
    )
  })

  it('have an AUC that flips with the labels', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const area = areaUnderCurve(counted('binary', asOutcomes(rows)).joint)
        const flipped = rows.map(({ score, label }) => ({ score, label: 1 - label }))
        const other = areaUnderCurve(counted('binary', asOutcomes(flipped)).joint)
        if (area === null || other === null) expect(area).toBe(other)
        else expect(area.value + other.value).toBeCloseTo(1, 12)
      }),
    )
  })

  it('are those of the errors, for labels of any scale', () => {
    const scale = fc.integer({ min: -60, max: 60 })
    const pairs = fc.array(
      fc.record({
        label: fc.double({ min: -1, max: 1, noNaN: true }),
        error: fc.double({ min: -1, max: 1, noNaN: true }),
      }),
      { minLength: 2, maxLength: 100 },
    )
    fc.assert(
      fc.property(pairs, scale, (rows, exponent) => {
        const measurements = rows.map(({ label, error }) => ({
          label: label * 2 ** exponent,
          prediction: (label + error) * 2 ** exponent,
        }))
        const counts = counted(
          'regression',
          measurements.map((row) => ({ ...row, score: undefined, positiveLabel: '' })),
        )
        const errors = measurements.map(({ prediction, label }) => prediction - label)
        const n = errors.length
        const sum = (of: (error: number) => number): number =>
          errors.reduce((total, error) => total + of(error), 0)
        const unit = 1e-12 * 2 ** exponent
        expect(Math.abs(value(counts, 'mae') - sum(Math.abs) / n)).toBeLessThan(unit)
        expect(Math.abs(value(counts, 'bias') - sum((error) => error) / n)).toBeLessThan(unit)
        expect(Math.abs(value(counts, 'rmse') ** 2 - sum((error) => error ** 2) / n)).toBeLessThan(
          unit * 2 ** exponent,
        )
      }),
    )
  })

  it('have quantiles of the error within 3.2 %', () => {
    const errors = fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(errors, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (magnitudes, share) => {
        const rows = magnitudes.map((error, at) => ({
          prediction: at % 2 === 0 ? error : -error,
          label: 0,
          score: undefined,
          positiveLabel: '',
        }))
        const sorted = magnitudes.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
        const estimate = absoluteErrorQuantile(counted('regression', rows), share)!
        expect(Math.abs(estimate.value / exact - 1)).toBeLessThanOrEqual(0.032)
      }),
    )
  })
})

function rawArea(rows: readonly { score: number; label: number }[]): number {
  const positives = rows.filter(({ label }) => label === 1)
  const negatives = rows.filter(({ label }) => label === 0)
  let rightly = 0
  for (const positive of positives) {
    for (const negative of negatives) {
      if (positive.score > negative.score) rightly++
      else if (positive.score === negative.score) rightly += 0.5
    }
  }
  return rightly / (positives.length * negatives.length)
}

function rawCalibrationError(rows: readonly { score: number; label: number }[]): number {
  const gaps = new Array<number>(16).fill(0)
  for (const { score, label } of rows) gaps[Math.min(15, Math.floor(16 * score))]! += score - label
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / rows.length
}
