import type { Counts } from '../../statistics/count-totals.ts'
import { jensenShannon } from '../../statistics/jensen-shannon.ts'

/** NannyML's rule fires from so many standard deviations above the mean of the reference's own chunks. */
const DEVIATIONS = 3

/** How often it fires on chunks of a world that never changes. */
export const CHUNK_THRESHOLD_LABEL =
  'fires by chance alone in 5.5 to 6.1 % of chunks, of every feature, at 200 to 5 000 values a chunk'

/**
 * The Jensen–Shannon distance (base 2, from 0 to 1) above which a chunk has drifted: mean plus three standard
 * deviations of the distances of the reference's own chunks from the whole reference.
 *
 * The chunks are part of what they are compared with, so they lie nearer to it than new ones will: that is why
 * it fires far more often than three deviations suggest. Infinity for fewer than two chunks.
 * Source: NannyML 0.13 `drift/univariate`, default threshold of JS; false alarms measured there.
 * @throws STATE_IMPOSSIBLE when the arrays differ in length
 */
export function chunkThreshold(chunks: readonly Counts[], reference: Counts): number {
  if (chunks.length < 2) return Infinity
  const distances = chunks.map((chunk) => chunkDistance(chunk, reference))
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
  const variance = distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / distances.length
  return mean + DEVIATIONS * Math.sqrt(variance)
}

/** Jensen–Shannon distance in base 2: 0 for equal shares, 1 for cells never shared. */
export function chunkDistance(window: Counts, reference: Counts): number {
  return Math.sqrt(jensenShannon(window, reference) / Math.LN2)
}
