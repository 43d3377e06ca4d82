import { type Counts, requireSameCells, total } from './count-totals.ts'

export interface KolmogorovSmirnov {
  /** Largest distance of the two distribution functions over the bin edges. */
  readonly distance: number
  /** The distance of the raw values cannot lie above this, whatever happened inside the bins. */
  readonly distanceMax: number
  readonly pValue: number
  readonly n: number
  readonly m: number
}

/**
 * The largest distance of the two distribution functions over the bin edges: that of `ksOnGrid`, which asks
 * for nothing else to be known. 0 for an empty sample.
 * @param n sum of the window's counts; @param m of the reference's
 */
export function ksDistance(window: Counts, reference: Counts, n: number, m: number): number {
  if (n === 0 || m === 0) return 0
  let below = 0
  let referenceBelow = 0
  let distance = 0
  for (let bin = 0; bin < window.length; bin++) {
    below += window[bin]!
    referenceBelow += reference[bin]!
    const apart = Math.abs(below / n - referenceBelow / m)
    if (apart > distance) distance = apart
  }
  return distance
}

/** Mean overshoot of a discretely watched Brownian motion: -ζ(1/2) / sqrt(2π). */
const OVERSHOOT = 0.5826

/** The correction is one for many steps: simulated down to ten. */
const CORRECTED_BINS_MIN = 10

/**
 * Two-sample Kolmogorov–Smirnov test of two count arrays on the same bins.
 *
 * `distance` <= D of the raw values <= `distanceMax` = distance + the largest min(p, q) of a bin; a bin that
 * holds a single value (`isAtom`) hides nothing and adds nothing.
 * The p-value is `nullSurvival`'s (`ksNull` of the reference), which knows the grid. Without it: Kolmogorov's
 * law, on ten bins and more of which none holds more than twice its share corrected for looking at the edges
 * only (Siegmund: Q(λ + 0.5826 / sqrt(bins)), simulated 0.95 to 1.07 of nominal), elsewhere plain, which errs
 * to the safe side. An empty sample: distance 0, p-value 1.
 * Source: Kolmogorov's limit law; Siegmund, Sequential Analysis (1985), for the correction.
 * @throws STATE_IMPOSSIBLE when the arrays differ in length
 */
export function ksOnGrid(
  window: Counts,
  reference: Counts,
  isAtom: (bin: number) => boolean = () => false,
  nullSurvival?: (lambda: number) => number,
): KolmogorovSmirnov {
  requireSameCells(window, reference)
  const n = total(window)
  const m = total(reference)
  if (n === 0 || m === 0) return { distance: 0, distanceMax: 1, pValue: 1, n, m }

  let below = 0
  let referenceBelow = 0
  let distance = 0
  let hidden = 0
  let largestBin = 0
  for (let bin = 0; bin < window.length; bin++) {
    const count = window[bin]!
    const referenceCount = reference[bin]!
    below += count
    referenceBelow += referenceCount
    distance = Math.max(distance, Math.abs(below / n - referenceBelow / m))
    if (!isAtom(bin)) hidden = Math.max(hidden, Math.min(count / n, referenceCount / m))
    largestBin = Math.max(largestBin, referenceCount / m)
  }
  const even = window.length >= CORRECTED_BINS_MIN && largestBin <= 2 / window.length
  const plain = distance * Math.sqrt((n * m) / (n + m))
  const lambda = plain + (even ? OVERSHOOT / Math.sqrt(window.length) : 0)
  return {
    distance,
    distanceMax: Math.min(1, distance + hidden),
    pValue: nullSurvival !== undefined ? nullSurvival(plain) : kolmogorovSurvival(lambda),
    n,
    m,
  }
}

/**
 * A bound that the true KS distance lies above, but for a probability of `alpha`: the distance over the edges
 * less the DKW margins of both samples; 0 where nothing is left, and for an empty sample. Unlike with
 * `dkwMargin` an alpha of 1e-12 loses no digits. Over many looks give each its `lookAlpha`.
 */
export function ksLowerBound(
  { distance, n, m }: Pick<KolmogorovSmirnov, 'distance' | 'n' | 'm'>,
  alpha: number,
): number {
  if (n === 0 || m === 0) return 0
  const logTerm = Math.log(4 / alpha) / 2
  return Math.max(0, distance - Math.sqrt(logTerm / n) - Math.sqrt(logTerm / m))
}

/**
 * Half-width by which an observed KS distance may miss the true one, at the given confidence.
 * Source: Dvoretzky–Kiefer–Wolfowitz inequality with Massart's constant, half of the error to each sample.
 */
export function dkwMargin(n: number, m: number, confidence: number): number {
  const logTerm = Math.log(4 / (1 - confidence)) / 2
  return Math.sqrt(logTerm / n) + Math.sqrt(logTerm / m)
}

/**
 * P(K > λ) for Kolmogorov's limit distribution. Two series, each where it converges at once.
 * Compared with scipy 1.17.1 `special.kolmogorov`: relative error below 1e-12.
 */
export function kolmogorovSurvival(lambda: number): number {
  // 1 to the last bit, and below 1e-160 the series would be 0 times Infinity.
  if (lambda < 0.04) return 1
  if (lambda < 1.18) {
    const step = -(Math.PI ** 2) / (8 * lambda * lambda)
    let sum = 0
    for (let odd = 1; odd <= 7; odd += 2) sum += Math.exp(odd * odd * step)
    return 1 - (Math.sqrt(2 * Math.PI) / lambda) * sum
  }
  let sum = 0
  for (let j = 1; j <= 4; j++) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * lambda * lambda)
  return sum
}
