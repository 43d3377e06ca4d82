import { estimatePerformance } from '../../../src/detectors/performance-estimate.ts'
import { scoreCalibration } from '../../../src/detectors/score-calibration.ts'
import { addOutcome, addScore, createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import type { PerformanceCounts } from '../../../src/sketches/types.ts'
import { areaUnderCurve } from '../../../src/statistics/auc.ts'
import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { normals } from '../budget/correlated-rows.ts'

/** What became of the world between reference and window. */
interface ChangedWorld {
  /** Of the hidden input, standard normal in the reference. */
  readonly mean: number
  readonly deviation: number
  /** Share of the labels that are wrong now. */
  readonly noise: number
  /** Whether labels follow inputs as they did. */
  readonly kind: 'covariate' | 'concept'
}

export const ESTIMATED_WORLDS = {
  'no change': { mean: 0, deviation: 1, noise: 0, kind: 'covariate' },
  'inputs half a deviation up': { mean: 0.5, deviation: 1, noise: 0, kind: 'covariate' },
  'inputs a deviation down': { mean: -1, deviation: 1, noise: 0, kind: 'covariate' },
  'inputs nearer to the threshold': { mean: 0, deviation: 0.6, noise: 0, kind: 'covariate' },
  'inputs spread wider': { mean: 0, deviation: 1.3, noise: 0, kind: 'covariate' },
  'labels wrong in 15 %': { mean: 0, deviation: 1, noise: 0.15, kind: 'concept' },
} as const satisfies Record<string, ChangedWorld>

export type EstimatedWorld = keyof typeof ESTIMATED_WORLDS
export const ESTIMATED_WORLD_NAMES = Object.keys(ESTIMATED_WORLDS) as EstimatedWorld[]

export interface EstimateCell {
  readonly id: string
  readonly world: EstimatedWorld
  readonly n: number
  readonly m: number
  readonly windows: number
  readonly seed: string
}

export interface EstimateTally {
  readonly windows: number
  /** Windows whose accuracy came true within two standard errors of the estimate. */
  readonly within: number
  /** Sums over the windows. */
  readonly accuracy: number
  readonly estimate: number
  readonly squaredErrors: number
  readonly squaredStandardErrors: number
  readonly aucError: number
  readonly f1Error: number
}

/** Estimates windows from their scores alone, each against a reference of its own, and looks at the labels. */
export function runEstimateCell({ world, n, m, windows, seed }: EstimateCell): EstimateTally {
  const random = createRandom(seed)
  const sums = { within: 0, accuracy: 0, estimate: 0, squaredErrors: 0, squaredStandardErrors: 0 }
  let aucError = 0
  let f1Error = 0
  for (let window = 0; window < windows; window++) {
    const reference = outcomesOf(random, m, ESTIMATED_WORLDS['no change'])
    const counts = outcomesOf(random, n, ESTIMATED_WORLDS[world])
    const calibration = scoreCalibration(reference)!
    const { accuracy, f1, auc } = estimatePerformance(counts, calibration)!
    const came = counts.correct / counts.n
    const error = accuracy.value - came
    if (Math.abs(error) <= 2 * accuracy.standardError) sums.within++
    sums.accuracy += came
    sums.estimate += accuracy.value
    sums.squaredErrors += error * error
    sums.squaredStandardErrors += accuracy.standardError ** 2
    aucError += Math.abs(auc - areaOf(counts))
    f1Error += Math.abs(f1 - f1Of(counts))
  }
  return { windows, ...sums, aucError, f1Error }
}

/**
 * Predictions of an overconfident model: its score is a rising function of the input and not the probability.
 * The true one is 1 / (1 + exp(0.3 - 0.8 x)).
 */
function outcomesOf(
  random: Random,
  rows: number,
  { mean, deviation, noise }: ChangedWorld,
): PerformanceCounts {
  const normal = normals(random)
  const counts = createPerformanceCounts('binary')
  for (let row = 0; row < rows; row++) {
    const x = mean + deviation * normal()
    const score = 1 / (1 + Math.exp(-1.5 * x))
    const prediction = score >= 0.5 ? 1 : 0
    const truth = random() < 1 / (1 + Math.exp(0.3 - 0.8 * x)) ? 1 : 0
    const label = random() < noise ? 1 - truth : truth
    addScore(counts, { prediction, score, positiveLabel: '1' })
    addOutcome(counts, { prediction, score, label, positiveLabel: '1' })
  }
  return counts
}

function areaOf({ joint }: PerformanceCounts): number {
  return areaUnderCurve(joint)?.value ?? Number.NaN
}

function f1Of({ truePositives, falsePositives, falseNegatives }: PerformanceCounts): number {
  return (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives)
}
