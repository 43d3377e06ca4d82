import type { Estimate } from './mean-with-error.ts'
import { normalSurvival } from './normal.ts'

/** One bin of probabilities: how many, how often the event came true, and the sum of the probabilities. */
export interface CalibrationBin {
  readonly n: number
  readonly hits: number
  readonly probabilitySum: number
}

/**
 * Expected calibration error: the mean distance of predicted probability and observed share over the bins,
 * each by its number of values; null without values.
 *
 * A perfectly calibrated model has a positive one as well, by chance. What chance adds in each bin, the mean
 * of a folded normal value less its centre, is priced into the standard error beside the spread, so that a
 * small window is not called worse than a large reference for its size.
 * Source: Naeini, Cooper, Hauskrecht, AAAI 2015; the spread by the binomial law of each bin; Leone, Nelson,
 * Nottingham, Technometrics 3 (1961) for the folded normal.
 */
export function calibrationError(bins: readonly CalibrationBin[]): Estimate | null {
  const n = bins.reduce((sum, bin) => sum + bin.n, 0)
  if (n === 0) return null
  let value = 0
  let variance = 0
  let excess = 0
  for (const bin of bins) {
    if (bin.n === 0) continue
    const gap = Math.abs(bin.probabilitySum - bin.hits) / n
    const share = (bin.hits + 0.5) / (bin.n + 1)
    const deviation = Math.sqrt(bin.n * share * (1 - share)) / n
    value += gap
    variance += deviation ** 2
    // A gap seen is one that chance has widened: a standard deviation of it is taken back first.
    excess += foldedExcess(Math.max(0, gap - deviation), deviation)
  }
  return { value, standardError: Math.hypot(Math.sqrt(variance), excess) }
}

/** How much larger the absolute value of a normal value is on average than that of its centre. */
function foldedExcess(centre: number, deviation: number): number {
  const z = centre / deviation
  return deviation * Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) - 2 * centre * normalSurvival(z)
}
