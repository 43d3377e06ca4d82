import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import {
  type DistributionPanes,
  LATER_PANE_COUNTS,
  LATER_PANE_SUMS,
  OUTCOME_PANE_COUNTS,
  OUTCOME_PANE_SUMS,
  type OutcomePanes,
  PANE_COMPONENTS_MAX,
  type ReferencePanes,
} from './reference-panes.ts'

/**
 * Sums are kept as whole parts of this many to a standard error of n independent values: what is lost is
 * 2e-5 of that error's square, and most sums take two bytes.
 */
const PARTS_PER_ERROR = 64

/** Encodings that are read; the last is written. */
export type PanesEncoding = 1 | 2

/** A component sum of n values as it is kept. */
export function roundedSum(sum: number, n: number): number {
  if (n === 0) return 0
  // Adding 0 turns -0 into 0.
  const parts = Math.round((PARTS_PER_ERROR * sum) / Math.sqrt(n)) + 0
  return (parts / PARTS_PER_ERROR) * Math.sqrt(n)
}

/**
 * Panes as bytes: by window the gap to the one before and the rows, then feature by feature, scores, labels
 * and outcomes; whole numbers are varints, sums of losses doubles. Number and length of the windows are told
 * beside the bytes. This is encoding 2; 1 ends before the delays and areas of outcomes.
 */
export function encodePanes(panes: ReferencePanes): Uint8Array {
  const writer = new ByteWriter()
  const { windowMs, starts, rows, features, scores, labels, outcomes } = panes
  let before = 0
  starts.forEach((start, pane) => {
    const index = Math.round(start / windowMs)
    writeSigned(writer, pane === 0 ? index : index - before)
    before = index
    writer.varint(rows[pane]!)
  })
  writer.varint(features.size)
  for (const feature of features.values()) writeDistribution(writer, feature)
  for (const optional of [scores, labels]) {
    writer.byte(optional === null ? 0 : 1)
    if (optional !== null) writeDistribution(writer, optional)
  }
  writer.byte(outcomes === null ? 0 : 1)
  if (outcomes !== null) writeOutcomePanes(writer, outcomes)
  return writer.finish()
}

/**
 * Reads what `encodePanes` wrote, and trusts none of it.
 * @param names the reference's features, in its order
 * @param count windows, 1 to 256
 * @param windowMs a whole number above 0
 * @param encoding 1 or 2
 * @throws DELTA_UNDECODABLE for bytes that are none of `encodePanes` for such windows and features
 */
export function decodePanes(
  bytes: Uint8Array,
  names: readonly string[],
  count: number,
  windowMs: number,
  encoding: PanesEncoding = 2,
): ReferencePanes {
  const reader = new ByteReader(bytes)
  const starts = new Float64Array(count)
  const rows = new Float64Array(count)
  let index = 0
  for (let pane = 0; pane < count; pane++) {
    const step = readSigned(reader)
    if (pane > 0 && step <= 0) throw reader.fault('panes in rising order', String(step))
    index += step
    starts[pane] = index * windowMs + 0
    if (!Number.isSafeInteger(starts[pane])) throw reader.fault('a time', String(starts[pane]))
    rows[pane] = reader.varint()
  }
  const featureCount = reader.varintUpTo(names.length, 'a number of features')
  if (featureCount !== names.length) throw reader.fault(`${names.length} features`, String(featureCount))
  const features = new Map(names.map((name) => [name, readDistribution(reader, count)]))
  const scores = reader.flag('scores') ? readDistribution(reader, count) : null
  const labels = reader.flag('labels') ? readDistribution(reader, count) : null
  const outcomes = reader.flag('outcomes') ? readOutcomePanes(reader, count, encoding) : null
  reader.end()
  return { windowMs, starts, rows, features, scores, labels, outcomes }
}

function writeDistribution(writer: ByteWriter, { n, odd, components, sums }: DistributionPanes): void {
  writer.byte(components)
  for (let pane = 0; pane < n.length; pane++) {
    const count = n[pane]!
    writer.varint(count)
    writer.varint(odd[pane]!)
    if (count === 0) continue
    const scale = PARTS_PER_ERROR / Math.sqrt(count)
    for (let component = 0; component < components; component++) {
      writeSigned(writer, Math.round(sums[pane * components + component]! * scale))
    }
  }
}

function readDistribution(reader: ByteReader, count: number): DistributionPanes {
  const components = reader.byte()
  if (components > PANE_COMPONENTS_MAX) {
    throw reader.fault(`at most ${PANE_COMPONENTS_MAX} components`, String(components))
  }
  const n = new Float64Array(count)
  const odd = new Float64Array(count)
  const sums = new Float64Array(count * components)
  for (let pane = 0; pane < count; pane++) {
    n[pane] = reader.varint()
    odd[pane] = reader.varint()
    if (n[pane] === 0) continue
    for (let component = 0; component < components; component++) {
      sums[pane * components + component] = (readSigned(reader) / PARTS_PER_ERROR) * Math.sqrt(n[pane]!)
    }
  }
  return { n, odd, components, sums }
}

function writeOutcomePanes(writer: ByteWriter, outcomes: OutcomePanes): void {
  const writeCounts = (name: (typeof OUTCOME_PANE_COUNTS | typeof LATER_PANE_COUNTS)[number]): void => {
    writer.varint(outcomes[name].length)
    for (const count of outcomes[name]) writer.varint(count)
  }
  const writeSums = (name: (typeof OUTCOME_PANE_SUMS | typeof LATER_PANE_SUMS)[number]): void => {
    writer.varint(outcomes[name].length)
    for (const sum of outcomes[name]) writer.float64(sum)
  }
  OUTCOME_PANE_COUNTS.forEach(writeCounts)
  OUTCOME_PANE_SUMS.forEach(writeSums)
  LATER_PANE_COUNTS.forEach(writeCounts)
  LATER_PANE_SUMS.forEach(writeSums)
}

function readOutcomePanes(reader: ByteReader, count: number, encoding: PanesEncoding): OutcomePanes {
  const column = (name: string, read: () => number): Float64Array => {
    const length = reader.varintUpTo(count, `a number of ${name}`)
    if (length !== 0 && length !== count) throw reader.fault(`${count} ${name}, or none`, String(length))
    return Float64Array.from({ length }, read)
  }
  const whole = (name: string) => column(name, () => reader.varint())
  const sum = (name: string) =>
    column(name, () => {
      const value = reader.float64()
      if (!Number.isFinite(value)) throw reader.fault(`a sum of ${name}`, String(value))
      return value
    })
  const later = (read: () => Float64Array) => (encoding === 1 ? new Float64Array(0) : read())
  return {
    n: whole('n'),
    scored: whole('scored'),
    correct: whole('correct'),
    positives: whole('positives'),
    logLoss: sum('logLoss'),
    brier: sum('brier'),
    absolute: sum('absolute'),
    squared: sum('squared'),
    label: sum('label'),
    delayed: later(() => whole('delayed')),
    afterMedian: later(() => whole('after the median delay')),
    afterMost: later(() => whole('after most delays')),
    auc: later(() => sum('areas')),
    aucError: later(() => sum('errors of areas')),
  }
}

/** Zigzag: 0, -1, 1, -2, 2 … */
function writeSigned(writer: ByteWriter, value: number): void {
  writer.varint(value < 0 ? -2 * value - 1 : 2 * value)
}

function readSigned(reader: ByteReader): number {
  const value = reader.varint()
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2
}
