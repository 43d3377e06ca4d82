import { createRandom, type Random } from '../../src/statistics/random.ts'

/** Streams of numbers, each hard in its own way; where a formula ends, the seed begins. */
const DRAWS = {
  normal: standardNormal,
  lognormal: (random: Random) => Math.exp(standardNormal(random)),
  /** Four of ten values are one value: a cap, a default, a zero. */
  ties: (random: Random) => (random() < 0.4 ? 0 : standardNormal(random)),
  /** Heavy tail, infinite variance: most of the range holds hardly a value. */
  pareto: (random: Random) => (1 - random()) ** (-1 / 1.2),
  /** Values that differ far behind the point. */
  offset: (random: Random) => 1e6 + standardNormal(random),
} as const satisfies Record<string, (random: Random) => number>

export type Distribution = keyof typeof DRAWS
export const DISTRIBUTIONS = Object.keys(DRAWS) as Distribution[]

/** So many values of a distribution; the same for the same seed. */
export function drawSample(distribution: Distribution, count: number, seed: string): Float64Array {
  const random = createRandom(`${distribution} ${seed}`)
  const draw = DRAWS[distribution]
  return Float64Array.from({ length: count }, () => draw(random))
}

/** Box and Muller. */
export function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/**
 * Rows of normal features, row by row, each feature with a spread of its own: the order in which
 * the values of real events arrive.
 */
export function drawRows(features: number, rows: number, seed: string): Float64Array {
  const random = createRandom(`rows ${seed}`)
  return Float64Array.from(
    { length: features * rows },
    (_, index) => (1 + (index % features) / 10) * standardNormal(random),
  )
}

/** One feature's values out of rows. */
export function columnOf(rows: Float64Array, features: number, feature: number): Float64Array {
  return rows.filter((_, index) => index % features === feature)
}
