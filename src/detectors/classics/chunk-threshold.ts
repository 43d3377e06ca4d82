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
  return thresholdOf(chunks.map((chunk) => chunkDistance(chunk, reference)))
}

/** Mean of the chunks' distances plus so many of their standard deviations; Infinity for fewer than two. */
export function thresholdOf(distances: readonly number[], deviations = DEVIATIONS): number {
  if (distances.length < 2) return Infinity
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
  const variance = distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / distances.length
  return mean + deviations * Math.sqrt(variance)
}

/** Jensen–Shannon distance in base 2: 0 for equal shares, 1 for cells never shared. */
export function chunkDistance(window: Counts, reference: Counts): number {
  return Math.sqrt(jensenShannon(window, reference) / Math.LN2)
}

/**
 * The same of samples of which only the means of orthonormal components are known: what is smooth in the
 * distance, to second order. Above 1 the components are far beyond that, and it is given as 1.
 */
export function smoothDistance(means: ArrayLike<number>): number {
  let squares = 0
  for (let component = 0; component < means.length; component++) squares += means[component]! ** 2
  return Math.min(1, Math.sqrt(squares / (8 * Math.LN2)))
}
