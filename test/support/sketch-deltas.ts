import fc from 'fast-check'
import type { DeltaEntry, SketchDelta } from '../../src/sketches/delta.ts'
import {
  createPerformanceCounts,
  OUTCOME_COUNTS,
  OUTCOME_SUMS,
} from '../../src/sketches/performance-counts.ts'
import type { FeatureCounts, PaneSketch, PerformanceCounts, Task } from '../../src/sketches/types.ts'

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

function cells(min: number): fc.Arbitrary<Uint32Array> {
  return fc.array(cell, { minLength: min, maxLength: 60 }).map((counts) => Uint32Array.from(counts))
}

const feature: fc.Arbitrary<FeatureCounts> = fc.oneof(
  fc.record({
    kind: fc.constant('numeric' as const),
    counts: fc.record({
      bins: cells(1),
      missing: count,
      nan: count,
      infinite: count,
      wrongType: count,
      min: number,
      max: number,
    }),
  }),
  fc.record({
    kind: fc.constant('categorical' as const),
    counts: fc.record({ cells: cells(2), missing: count, wrongType: count }),
  }),
)

const performance: fc.Arbitrary<PerformanceCounts> = fc
  .tuple(
    fc.constantFrom<Task>('binary', 'multiclass', 'regression'),
    fc.boolean(),
    fc.array(count, { minLength: OUTCOME_COUNTS.length, maxLength: OUTCOME_COUNTS.length }),
    fc.array(number, { minLength: OUTCOME_SUMS.length, maxLength: OUTCOME_SUMS.length }),
    fc.array(cell, { minLength: 256, maxLength: 256 }),
  )
  .map(([task, counted, counts, sums, joint]) => {
    const empty = createPerformanceCounts(task)
    if (!counted) return empty
    OUTCOME_COUNTS.forEach((field, at) => {
      empty[field] = counts[at]!
    })
    OUTCOME_SUMS.forEach((field, at) => {
      empty[field] = sums[at]!
    })
    empty.joint.set(joint.slice(0, empty.joint.length))
    return empty
  })

const sketch: fc.Arbitrary<PaneSketch> = fc.record({
  events: count,
  unknownFeatures: count,
  features: fc.array(fc.tuple(text, feature), { maxLength: 4 }).map((entries) => new Map(entries)),
  performance,
})

const entry: fc.Arbitrary<DeltaEntry> = fc.record({
  model: text,
  version: text,
  paneStart: fc.double({ noNaN: true, noDefaultInfinity: true }),
  referenceId: fc.option(text),
  sketch,
})

/** Any delta that the types allow. */
export const anyDelta: fc.Arbitrary<SketchDelta> = fc.record({
  task: count,
  flush: count,
  part: fc.nat({ max: 9 }),
  parts: fc.integer({ min: 10, max: 20 }),
  sources: fc.array(
    fc.record({ topic: text, partition: count, from: count, to: count, readUntil: number }).map((source) => ({
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
  }),
  entries: fc.array(entry, { maxLength: 4 }),
})

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
    },
    entries,
  }
}
