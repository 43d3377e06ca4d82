import { CATEGORICAL } from './block-shape.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { FeatureBlock, UnseenOccurrence } from './types.ts'
import { byRankThenValue, UNSEEN_LENGTH_MAX, UNSEEN_MAX } from './unseen-sample.ts'

const RANK_MAX = 0xffff_ffff

/** Writes the samples by feature, each value once with its ranks: frequent ones fill most of a sample. */
export function writeUnseen(writer: ByteWriter, { unseen }: FeatureBlock): void {
  const samples = [...(unseen ?? [])].sort(([a], [b]) => a - b)
  writer.varint(samples.length)
  for (const [feature, sample] of samples) {
    writer.varint(feature)
    const ranks = Map.groupBy(sample, ({ value }) => value)
    writer.varint(ranks.size)
    for (const [value, occurrences] of ranks) {
      writer.text(value)
      writer.varint(occurrences.length)
      for (const { rank } of occurrences) writer.varint(rank)
    }
  }
}

/** @throws DELTA_UNDECODABLE */
export function readUnseen(reader: ByteReader, block: FeatureBlock): void {
  let last = -1
  for (let left = reader.listLength(5, 'samples'); left > 0; left--) {
    const feature = reader.varint()
    if (feature <= last || block.shape.kinds[feature] !== CATEGORICAL) {
      throw reader.fault(`a categorical feature after ${last}`, String(feature))
    }
    last = feature
    block.unseen ??= new Map()
    block.unseen.set(feature, readSample(reader))
  }
}

function readSample(reader: ByteReader): readonly UnseenOccurrence[] {
  const sample: UnseenOccurrence[] = []
  const values = new Set<string>()
  for (let left = reader.varintUpTo(UNSEEN_MAX, 'a number of values'); left > 0; left--) {
    const value = reader.text()
    if (value.length > UNSEEN_LENGTH_MAX || values.has(value)) {
      throw reader.fault(`each value once and up to ${UNSEEN_LENGTH_MAX} long`, `${value.length} units`)
    }
    values.add(value)
    const count = reader.varintUpTo(UNSEEN_MAX - sample.length, 'a number of occurrences')
    for (let more = count; more > 0; more--) {
      sample.push({ rank: reader.varintUpTo(RANK_MAX, 'a rank'), value })
    }
  }
  if (sample.length === 0) throw reader.fault('a sample', 'an empty one')
  return sample.sort(byRankThenValue)
}
