import type { ReferenceEvent } from '../events/reference-event.ts'
import { addExact } from './exact-sum.ts'
import { lossDigits } from './loss-sum.ts'
import {
  ERROR_SUMS,
  LOSS_SUMS,
  limbShapeOf,
  OUTCOME_CELLS,
  OUTCOME_COUNTS,
  OUTCOME_SUMS,
  outcomeCellCount,
  outcomeSumDigits,
} from './outcome-layout.ts'
import { createPerformanceCounts } from './performance-counts.ts'
import type { PerformanceCounts, Task } from './types.ts'

type WirePerformance = NonNullable<ReferenceEvent['performance']>

const CELL_MAX = 0xffff_ffff

/** In the order in which they are written: a reference's id follows from it. */
const WIRE_ARRAYS = [...OUTCOME_CELLS.filter((name) => name !== 'delays'), ...OUTCOME_SUMS, 'delays'] as const

/** The counts as a reference event carries them: every array that holds anything, in the order of the layout. */
export function toWirePerformance(counts: PerformanceCounts): WirePerformance {
  const { n, scored, correct, truePositives, falsePositives, trueNegatives, falseNegatives } = counts
  const wire: WirePerformance = {
    n,
    scored,
    correct,
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
    joint: [...counts.joint],
    classCount: counts.classCount,
  }
  for (const name of WIRE_ARRAYS) {
    // A reference without delays says nothing of them, and keeps the id it had before they were counted.
    const isUntold = name === 'delays' && counts.delays.length === 0
    if (name !== 'joint' && !isUntold) wire[name] = [...counts[name]]
  }
  return wire
}

/**
 * The counts of a reference event that its schema has accepted. An event that has sums of doubles instead of
 * `sums` is of an earlier writer: its losses are taken over; what it did not count stays uncounted.
 * @throws what `invalid` makes of it, for an array of another length than the task's or too large a number
 */
export function fromWirePerformance(
  wire: WirePerformance,
  task: Task,
  invalid: (expected: string) => Error,
): PerformanceCounts {
  const counts = createPerformanceCounts(task)
  const classCount = wire.classCount ?? 0
  if (task !== 'multiclass' && classCount > 0)
    throw invalid(`no classes of a ${task} model, got ${classCount}`)
  counts.classCount = classCount
  for (const field of OUTCOME_COUNTS) counts[field] = wire[field]
  for (const name of OUTCOME_CELLS) {
    const length = outcomeCellCount(name, task, classCount)
    const numbers = checked(wire[name] ?? [], name, length, CELL_MAX, invalid)
    if (numbers.length > 0) counts[name] = Uint32Array.from(numbers)
  }
  for (const name of OUTCOME_SUMS) {
    const length = outcomeSumDigits(name, task, classCount)
    const digitMax = Math.min(limbShapeOf(name, task).base - 1, Number.MAX_SAFE_INTEGER)
    const numbers = checked(wire[name] ?? [], name, length, digitMax, invalid)
    if (numbers.length > 0) counts[name] = Float64Array.from(numbers)
  }
  if (wire.sums === undefined) counts.sums = sumsOfDoubles(wire, task)
  return counts
}

function checked(
  numbers: readonly number[],
  name: string,
  length: number,
  max: number,
  invalid: (expected: string) => Error,
): readonly number[] {
  if (numbers.length !== 0 && numbers.length !== length) {
    throw invalid(`${length} ${name} counts, got ${numbers.length}`)
  }
  const tooLarge = numbers.find((number) => number > max)
  if (tooLarge !== undefined) throw invalid(`${name} counts up to ${max}, got ${tooLarge}`)
  return numbers
}

function sumsOfDoubles(wire: WirePerformance, task: Task): Float64Array {
  const sums = new Float64Array(outcomeSumDigits('sums', task, 0))
  if (task === 'regression') {
    // Which of the errors were negative, it did not say: bias is not known, and nothing reads it from here.
    addExact(sums, ERROR_SUMS.over, wire.absoluteErrorSum ?? 0)
    addExact(sums, ERROR_SUMS.squared, wire.squaredErrorSum ?? 0)
    addExact(sums, ERROR_SUMS.quartic, wire.quarticErrorSum ?? 0)
  } else {
    sums.set(lossDigits(wire.logLossSum ?? 0), 2 * LOSS_SUMS.logLoss)
    sums.set(lossDigits(wire.logLossSquareSum ?? 0), 2 * LOSS_SUMS.logLossSquared)
    sums.set(lossDigits(wire.brierSum ?? 0), 2 * LOSS_SUMS.brier)
    sums.set(lossDigits(wire.brierSquareSum ?? 0), 2 * LOSS_SUMS.brierSquared)
  }
  return sums
}
