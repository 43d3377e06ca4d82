import fc from 'fast-check'
import {
  CATEGORICAL,
  CATEGORICAL_EXTRA_CELLS,
  createBlockShape,
  NUMERIC,
  NUMERIC_EXTRA_CELLS,
} from '../../src/sketches/block-shape.ts'
import type { DeltaEntry, SketchDelta } from '../../src/sketches/delta.ts'
import { createFeatureBlock } from '../../src/sketches/feature-block.ts'
import {
  limbShapeOf,
  OUTCOME_CELLS,
  OUTCOME_COUNTS,
  OUTCOME_SUMS,
  outcomeCellCount,
  outcomeSumDigits,
} from '../../src/sketches/outcome-layout.ts'
import { createPairedLosses, type PairEntry } from '../../src/sketches/paired-losses.ts'
import { createPerformanceCounts } from '../../src/sketches/performance-counts.ts'
import type { FeatureBlock, PaneSketch, PerformanceCounts, Task } from '../../src/sketches/types.ts'
import { byRankThenValue } from '../../src/sketches/unseen-sample.ts'

const count = fc.oneof(fc.nat(), fc.maxSafeNat())
const cell = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.nat({ max: 300 }),
  fc.constant(0xffff_ffff),
)
const number = fc.double({ noNaN: true })
/** Any string at all: lone surrogates, the empty one, names that plain objects trip over. */
const text = fc.oneof(
  fc.constantFrom('', '__proto__', 'constructor', '\ud800', '\ufeffx'),
  fc.string({ unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
)

/** The ends of a feature: a minimum and a maximum, or none. */
const extremes = fc.oneof(
  fc.constant([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
  fc.tuple(number, number),
)

const unseenSample = fc
  .array(
    fc.record({ rank: fc.nat({ max: 0xffff_ffff }), value: text.filter((value) => value.length <= 64) }),
    {
      minLength: 1,
      maxLength: 64,
    },
  )
  .map((sample) => sample.sort(byRankThenValue))

const feature = fc.oneof(
  fc.record({
    kind: fc.constant(NUMERIC),
    cells: fc.array(cell, { minLength: NUMERIC_EXTRA_CELLS + 1, maxLength: 90 }),
    extremes,
    unseen: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant(CATEGORICAL),
    cells: fc.array(cell, { minLength: CATEGORICAL_EXTRA_CELLS, maxLength: 60 }),
    extremes: fc.constant([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
    unseen: fc.option(unseenSample),
  }),
)

/** Blocks of any shape, cells past 32 bits among them. */
export const anyBlock: fc.Arbitrary<FeatureBlock> = fc
  .tuple(
    fc.array(feature, { maxLength: 4 }),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 2 ** 21 - 1 })), { maxLength: 3 }),
  )
  .map(([features, carries]) => {
    const shape = createBlockShape(
      Uint8Array.from(features, ({ kind }) => kind),
      features.map(({ cells }) => cells.length),
    )
    const block = createFeatureBlock(shape)
    block.cells.set(features.flatMap(({ cells }) => cells))
    block.extremes.set(features.flatMap(({ extremes }) => extremes))
    const sampled = features.flatMap(({ unseen }, at) => (unseen === null ? [] : [[at, unseen] as const]))
    if (sampled.length > 0) block.unseen = new Map(sampled)
    if (carries.length > 0 && block.cells.length > 0) {
      block.carries = new Map(carries.map(([at, high]) => [at % block.cells.length, high]))
    }
    return block
  })

/** A few of many places, and what stands there. */
const places = fc.array(fc.tuple(fc.nat(), count), { minLength: 1, maxLength: 20 })

/** Any outcomes: arrays are there with something in them, or not there. */
export const anyPerformanceCounts: fc.Arbitrary<PerformanceCounts> = fc
  .tuple(
    fc.constantFrom<Task>('binary', 'multiclass', 'regression'),
    fc.integer({ min: 0, max: 32 }),
    fc.array(count, { minLength: OUTCOME_COUNTS.length, maxLength: OUTCOME_COUNTS.length }),
    fc.array(fc.option(places), { minLength: 8, maxLength: 8 }),
  )
  .map(([task, classes, numbers, parts]) => {
    const counts = createPerformanceCounts(task)
    if (task === 'multiclass') counts.classCount = classes
    OUTCOME_COUNTS.forEach((field, at) => {
      counts[field] = numbers[at]!
    })
    OUTCOME_CELLS.forEach((name, at) => {
      const length = outcomeCellCount(name, task, counts.classCount)
      const filled = parts[at] ?? []
      if (filled.length === 0 || length === 0) return
      counts[name] = new Uint32Array(length)
      for (const [place, value] of filled) counts[name][place % length] = 1 + (value % 0xffff_ffff)
    })
    OUTCOME_SUMS.forEach((name, at) => {
      const length = outcomeSumDigits(name, task, counts.classCount)
      const filled = parts[OUTCOME_CELLS.length + at] ?? []
      if (filled.length === 0 || length === 0) return
      const digitMax = Math.min(limbShapeOf(name, task).base - 1, Number.MAX_SAFE_INTEGER - 1)
      counts[name] = new Float64Array(length)
      for (const [place, value] of filled) counts[name][place % length] = 1 + (value % digitMax)
    })
    return counts
  })

const sketch: fc.Arbitrary<PaneSketch> = fc.record({
  events: count,
  unknownFeatures: count,
  block: fc.option(anyBlock),
  performance: anyPerformanceCounts,
})

const entry: fc.Arbitrary<DeltaEntry> = fc.record({
  model: text,
  version: text,
  paneStart: fc.double({ noNaN: true, noDefaultInfinity: true }),
  referenceId: fc.option(text),
  sketch,
})

const pair: fc.Arbitrary<PairEntry> = fc
  .record({
    model: text,
    first: text,
    second: text,
    paneStart: fc.double({ noNaN: true, noDefaultInfinity: true }),
    n: count,
    parts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
    digits: fc.array(fc.maxSafeNat(), { minLength: 6, maxLength: 6 }),
  })
  .map(({ n, parts, digits, ...entry }) => {
    const [firstErrors, secondErrors, split, graded] = parts.map((part) => Math.floor(part * n))
    const losses = createPairedLosses()
    losses.sums.set(digits.map((digit) => digit % 2 ** 52))
    return {
      ...entry,
      losses: {
        ...losses,
        n,
        firstErrors: firstErrors!,
        secondErrors: secondErrors!,
        split: split!,
        graded: graded!,
      },
    }
  })

/** Any delta that the types allow. */
export const anyDelta: fc.Arbitrary<SketchDelta> = fc.record(
  {
    task: count,
    flush: count,
    part: fc.nat({ max: 9 }),
    parts: fc.integer({ min: 10, max: 20 }),
    sources: fc.array(
      fc
        .record({ topic: text, partition: count, from: count, to: count, readUntil: number })
        .map((source) => ({
          ...source,
          from: Math.min(source.from, source.to),
          to: Math.max(source.from, source.to),
        })),
      { maxLength: 3 },
    ),
    watermark: number,
    idle: fc.boolean(),
    stream: fc.record({
      late: count,
      duplicatePredictions: count,
      duplicateLabels: count,
      orphanLabels: count,
      expiredPredictions: count,
      deadLetters: count,
      unreferenced: count,
      waiting: count,
    }),
    entries: fc.array(entry, { maxLength: 4 }),
    pairs: fc.array(pair, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['task', 'flush', 'part', 'parts', 'sources', 'watermark', 'idle', 'stream', 'entries'] },
)

/** A delta of task 0 with these entries. */
export function deltaOf(entries: readonly DeltaEntry[]): SketchDelta {
  return {
    task: 0,
    flush: 7,
    part: 0,
    parts: 1,
    sources: [{ topic: 'features', partition: 0, from: 10, to: 20, readUntil: 1_000 }],
    watermark: 1234,
    idle: false,
    stream: {
      late: 1,
      duplicatePredictions: 2,
      duplicateLabels: 3,
      orphanLabels: 4,
      expiredPredictions: 5,
      deadLetters: 6,
      unreferenced: 7,
      waiting: 8,
    },
    entries,
  }
}
