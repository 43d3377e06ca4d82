import type { FeatureValue } from '../../../src/events/feature-event.ts'
import type { Random } from '../../../src/statistics/random.ts'
import { zigguratNormals } from '../draws/ziggurat.ts'

/** One scored and labelled event of a world that never changes; `values` is written anew at the next. */
export interface CorrelatedRow {
  readonly values: FeatureValue[]
  readonly score: number
  readonly prediction: 0 | 1
  readonly label: 0 | 1
}

/** The marginal laws of features, one after the other: neighbours have other laws. */
const MARGINALS = 5

/** What becomes of a standard normal value by its feature's law. */
function marginal(law: number, z: number): FeatureValue {
  switch (law) {
    case 0:
      return z
    case 1:
      return Math.exp(2 * z)
    case 2:
      // Four of ten values are one value.
      return z < -0.2533 ? 0 : z
    case 3:
      return Math.round(50 + 10 * z)
    default:
      return category(z)
  }
}

/** Shares of about .5, .2, .15, .1, .04, .01 and .001: rare ones are what tests get wrong. */
const CATEGORY_BOUNDS = [0, 0.5244, 1.0364, 1.6449, 2.3263, 3.0902]
const CATEGORIES = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** Of every third feature so much is missing. */
const MISSING = 0.02

export const CATEGORICAL_MARGINAL = MARGINALS - 1

export function marginalOf(feature: number): number {
  return feature % MARGINALS
}

export function featureNames(features: number): string[] {
  return Array.from({ length: features }, (_, feature) => `x${feature}`)
}

/**
 * Rows whose features, and score, all hang on one hidden value: a Gaussian copula in which any two have the
 * correlation `rho`, under marginal laws of five kinds. The label is drawn by the score.
 */
export function correlatedRows(random: Random, features: number, rho: number): () => CorrelatedRow {
  const normal = zigguratNormals(random)
  const shared = Math.sqrt(rho)
  const own = Math.sqrt(1 - rho)
  const values = new Array<FeatureValue>(features).fill(0)
  return () => {
    const hidden = shared * normal()
    for (let feature = 0; feature < features; feature++) {
      const value = marginal(feature % MARGINALS, hidden + own * normal())
      values[feature] = feature % 3 === 1 && random() < MISSING ? null : value
    }
    const score = 1 / (1 + Math.exp(-(hidden + own * normal())))
    return { values, score, prediction: score >= 0.5 ? 1 : 0, label: random() < score ? 1 : 0 }
  }
}

function category(z: number): string {
  let at = 0
  while (at < CATEGORY_BOUNDS.length && z >= CATEGORY_BOUNDS[at]!) at++
  return CATEGORIES[at]!
}

/** Standard normal values, both of what Box and Muller's formula gives. */
export function normals(random: Random): () => number {
  let spare = Number.NaN
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare
      spare = Number.NaN
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    const angle = 2 * Math.PI * random()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}
