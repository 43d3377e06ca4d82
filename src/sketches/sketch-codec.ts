import { readBlock, writeBlock } from './block-codec.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { type CellAllowance, readCells, spendCells, writeCells } from './cells-codec.ts'
import { createPerformanceCounts, OUTCOME_COUNTS, OUTCOME_SUMS } from './performance-counts.ts'
import type { PaneSketch, PerformanceCounts, Task } from './types.ts'

/** The order is the wire's: append only. */
const TASKS: readonly Task[] = ['binary', 'multiclass', 'regression']

/** Writes one pane's counts. */
export function writePaneSketch(writer: ByteWriter, sketch: PaneSketch): void {
  writer.varint(sketch.events)
  writer.varint(sketch.unknownFeatures)
  writer.byte(sketch.block === null ? 0 : 1)
  if (sketch.block !== null) writeBlock(writer, sketch.block)
  writePerformance(writer, sketch.performance)
}

/** @throws DELTA_UNDECODABLE */
export function readPaneSketch(reader: ByteReader, allowance: CellAllowance): PaneSketch {
  const events = reader.varint()
  const unknownFeatures = reader.varint()
  const block = reader.flag('a block') ? readBlock(reader, allowance) : null
  return { events, unknownFeatures, block, performance: readPerformance(reader, allowance) }
}

/** One byte says the task and whether anything was counted: in most deltas nothing was. */
function writePerformance(writer: ByteWriter, counts: PerformanceCounts): void {
  const counted =
    OUTCOME_COUNTS.some((field) => counts[field] !== 0) ||
    OUTCOME_SUMS.some((field) => counts[field] !== 0) ||
    counts.joint.some((count) => count !== 0)
  writer.byte(2 * TASKS.indexOf(counts.task) + (counted ? 1 : 0))
  if (!counted) return
  for (const field of OUTCOME_COUNTS) writer.varint(counts[field])
  for (const field of OUTCOME_SUMS) writer.float64(counts[field])
  writeCells(writer, counts.joint)
}

function readPerformance(reader: ByteReader, allowance: CellAllowance): PerformanceCounts {
  const tag = reader.byte()
  const task = TASKS[tag >>> 1]
  if (task === undefined) throw reader.fault(`a task below ${TASKS.length}`, String(tag >>> 1))
  const counts = createPerformanceCounts(task)
  if (tag % 2 === 0) {
    spendCells(reader, counts.joint.length, allowance)
    return counts
  }
  for (const field of OUTCOME_COUNTS) counts[field] = reader.varint()
  for (const field of OUTCOME_SUMS) counts[field] = reader.number('a sum')
  return { ...counts, joint: readCells(reader, counts.joint.length, allowance) }
}
