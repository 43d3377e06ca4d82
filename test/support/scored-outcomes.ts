import { addOutcome, addScore, createPerformanceCounts } from '../../src/sketches/performance-counts.ts'
import type { PerformanceCounts } from '../../src/sketches/types.ts'
import { createRandom, type Random } from '../../src/statistics/random.ts'

export interface ScoredOptions {
  /** The score of the next prediction; uniform without it. */
  readonly score?: (random: Random) => number
  /** The probability that a prediction of this score is positive; the score itself without it. */
  readonly truth?: (score: number) => number
  /** Share of predictions whose label comes; 1 without it. */
  readonly labelled?: number
}

/** Counts of n binary predictions, positive from 0.5 on, with scores of all and labels of some. */
export function scoredOutcomes(n: number, seed: string, options: ScoredOptions = {}): PerformanceCounts {
  const { score: drawScore = (random: Random) => random(), truth = (score: number) => score } = options
  const { labelled = 1 } = options
  const random = createRandom(seed)
  const counts = createPerformanceCounts('binary')
  for (let at = 0; at < n; at++) {
    const score = drawScore(random)
    const prediction = score >= 0.5 ? 1 : 0
    const label = random() < truth(score) ? 1 : 0
    addScore(counts, { prediction, score, positiveLabel: '1' })
    if (random() < labelled) addOutcome(counts, { prediction, score, label, positiveLabel: '1' })
  }
  return counts
}
