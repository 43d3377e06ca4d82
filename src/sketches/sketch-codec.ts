import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { type CellAllowance, readCells, spendCells, writeCells } from './cells-codec.ts'
import { createPerformanceCounts, OUTCOME_COUNTS, OUTCOME_SUMS } from './performance-counts.ts'
import type { FeatureCounts, PaneSketch, PerformanceCounts, Task } from './types.ts'

/** Cells of one feature: the largest dictionary a reference event may carry, `other` and `unseen`. */
const FEATURE_CELLS_MAX = 65_538

/** A categorical feature without a name: six bytes. */
const FEATURE_BYTES_MIN = 6

const NUMERIC = 0
const CATEGORICAL = 1

/** The order is the wire's: append only. */
const TASKS: readonly Task[] = ['binary', 'multiclass', 'regression']

/** Writes one pane's counts, features in their own order. */
export function writePaneSketch(writer: ByteWriter, sketch: PaneSketch): void {
  writer.varint(sketch.events)
  writer.varint(sketch.unknownFeatures)
  writer.varint(sketch.features.size)
  for (const [name, counts] of sketch.features) {
    writer.text(name)
    writeFeature(writer, counts)
  }
  writePerformance(writer, sketch.performance)
}

/** @throws DELTA_UNDECODABLE */
export function readPaneSketch(reader: ByteReader, allowance: CellAllowance): PaneSketch {
  const events = reader.varint()
  const unknownFeatures = reader.varint()
  const features = new Map<string, FeatureCounts>()
  for (let left = reader.listLength(FEATURE_BYTES_MIN, 'features'); left > 0; left--) {
    const name = reader.text()
    if (features.has(name)) throw reader.fault('each feature once', `"${name}" again`)
    features.set(name, readFeature(reader, allowance))
  }
  return { events, unknownFeatures, features, performance: readPerformance(reader, allowance) }
}

function writeFeature(writer: ByteWriter, feature: FeatureCounts): void {
  if (feature.kind === 'numeric') {
    const { bins, missing, nan, infinite, wrongType, min, max } = feature.counts
    writer.byte(NUMERIC)
    for (const count of [missing, nan, infinite, wrongType]) writer.varint(count)
    writer.float64(min)
    writer.float64(max)
    writer.varint(bins.length)
    writeCells(writer, bins)
  } else {
    const { cells, missing, wrongType } = feature.counts
    writer.byte(CATEGORICAL)
    writer.varint(missing)
    writer.varint(wrongType)
    writer.varint(cells.length)
    writeCells(writer, cells)
  }
}

function readFeature(reader: ByteReader, allowance: CellAllowance): FeatureCounts {
  const kind = reader.byte()
  if (kind === NUMERIC) {
    const [missing, nan, infinite, wrongType] = [
      reader.varint(),
      reader.varint(),
      reader.varint(),
      reader.varint(),
    ]
    const min = reader.number('a minimum')
    const max = reader.number('a maximum')
    const bins = readCells(reader, readCellCount(reader, 1), allowance)
    return { kind: 'numeric', counts: { bins, missing, nan, infinite, wrongType, min, max } }
  }
  if (kind === CATEGORICAL) {
    const missing = reader.varint()
    const wrongType = reader.varint()
    const cells = readCells(reader, readCellCount(reader, 2), allowance)
    return { kind: 'categorical', counts: { cells, missing, wrongType } }
  }
  throw reader.fault('a kind of feature, 0 or 1', String(kind))
}

function readCellCount(reader: ByteReader, min: number): number {
  const length = reader.varintUpTo(FEATURE_CELLS_MAX, 'a number of cells')
  if (length < min) throw reader.fault(`at least ${min} cells`, String(length))
  return length
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
