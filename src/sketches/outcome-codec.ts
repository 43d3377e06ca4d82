import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { type CellAllowance, readCells, spendCells, writeCells } from './cells-codec.ts'
import {
  CLASSES_MAX,
  limbShapeOf,
  OUTCOME_CELLS,
  OUTCOME_COUNTS,
  OUTCOME_SUMS,
  type OutcomeCells,
  type OutcomeSums,
  outcomeCellCount,
  outcomeSumDigits,
} from './outcome-layout.ts'
import { createPerformanceCounts } from './performance-counts.ts'
import type { PerformanceCounts, Task } from './types.ts'

/** The order is the wire's: append only. */
const TASKS: readonly Task[] = ['binary', 'multiclass', 'regression']

/** The arrays in the order of their bits, after that of the counts: append only, so that older bytes stay readable. */
const ARRAYS = [
  'joint',
  'confusion',
  'scores',
  'errors',
  'labels',
  'sums',
  'calibration',
  'scoreSums',
  'delays',
] as const satisfies readonly (OutcomeCells | OutcomeSums)[]

/**
 * Writes what is counted of outcomes and scores: task, number of classes, one byte that says which parts
 * hold anything, then those parts. Where nothing was counted, which is most deltas' case, it is three bytes.
 * Equal content gives equal bytes, whether or not an array of zeros was made for it.
 */
export function writeOutcomes(writer: ByteWriter, counts: PerformanceCounts): void {
  writer.byte(TASKS.indexOf(counts.task))
  writer.byte(counts.classCount)
  const parts = filledParts(counts)
  writer.varint(parts.reduce((mask, filled, bit) => mask + (filled ? 2 ** bit : 0), 0))
  if (parts[0]) for (const field of OUTCOME_COUNTS) writer.varint(counts[field])
  ARRAYS.forEach((name, at) => {
    if (!parts[1 + at]) return
    const numbers = counts[name]
    if (numbers instanceof Uint32Array) writeCells(writer, numbers)
    else writeDigits(writer, numbers)
  })
}

/** @throws DELTA_UNDECODABLE also when the arrays are more than `allowance` has left */
export function readOutcomes(reader: ByteReader, allowance: CellAllowance): PerformanceCounts {
  const tag = reader.byte()
  const task = TASKS[tag]
  if (task === undefined) throw reader.fault(`a task below ${TASKS.length}`, String(tag))
  const classCount = reader.byte()
  if (classCount > (task === 'multiclass' ? CLASSES_MAX : 0)) {
    throw reader.fault(`at most ${CLASSES_MAX} classes, of a multiclass model`, String(classCount))
  }
  const counts = createPerformanceCounts(task)
  counts.classCount = classCount
  const partsMax = 2 ** (1 + ARRAYS.length) - 1
  const mask = reader.varintUpTo(partsMax, 'a mask of parts')
  const holds = (part: number): boolean => ((mask >>> part) & 1) === 1
  if (holds(0)) for (const field of OUTCOME_COUNTS) counts[field] = reader.varint()
  ARRAYS.forEach((name, at) => {
    if (!holds(1 + at)) return
    if (isCells(name)) {
      counts[name] = readCells(reader, outcomeCellCount(name, task, classCount), allowance)
      return
    }
    const digits = outcomeSumDigits(name, task, classCount)
    spendCells(reader, 2 * digits, allowance)
    counts[name] = readDigits(reader, digits, limbShapeOf(name, task).base)
  })
  return counts
}

/** Cells that the decoded counts take: what `CellAllowance` is spent on. */
export function outcomeCells(counts: PerformanceCounts): number {
  const cells = OUTCOME_CELLS.reduce((sum, name) => sum + counts[name].length, 0)
  return OUTCOME_SUMS.reduce((sum, name) => sum + 2 * counts[name].length, cells)
}

function isCells(name: OutcomeCells | OutcomeSums): name is OutcomeCells {
  return (OUTCOME_CELLS as readonly string[]).includes(name)
}

function filledParts(counts: PerformanceCounts): boolean[] {
  const isFilled = (numbers: Uint32Array | Float64Array): boolean => {
    for (let at = 0; at < numbers.length; at++) if (numbers[at] !== 0) return true
    return false
  }
  return [
    OUTCOME_COUNTS.some((field) => counts[field] !== 0),
    ...ARRAYS.map((name) => isFilled(counts[name])),
  ]
}

/** Digits are zero more often than not: each one that is not, after the number of zeros before it. */
function writeDigits(writer: ByteWriter, digits: Float64Array): void {
  let filled = 0
  for (const digit of digits) if (digit !== 0) filled++
  writer.varint(filled)
  let next = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = digits[at]!
    if (digit === 0) continue
    writer.varint(at - next)
    writer.varint(digit)
    next = at + 1
  }
}

function readDigits(reader: ByteReader, length: number, base: number): Float64Array {
  const filled = reader.varintUpTo(length, 'a number of digits')
  const digits = new Float64Array(length)
  let at = -1
  for (let left = filled; left > 0; left--) {
    at += 1 + reader.varintUpTo(length, 'a gap')
    if (at >= length) throw reader.fault(`a digit below ${length}`, String(at))
    digits[at] = reader.varintUpTo(Math.min(base - 1, Number.MAX_SAFE_INTEGER), 'a digit')
  }
  return digits
}
