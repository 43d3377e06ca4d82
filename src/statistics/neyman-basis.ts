import { type Counts, total } from './count-totals.ts'
import { type ScoreShape, scoreShape, smoothSurvival } from './smooth-survival.ts'

/** What each orthogonal component reacts to first, in order of its degree. */
export const NEYMAN_COMPONENTS = ['location', 'scale', 'skew', 'tails'] as const

export interface NeymanBasis {
  /** Components there are: 4, or one less than the distinct cells of the reference where these are few. */
  readonly order: number
  /** `order` arrays of one value a cell, orthonormal under the reference's masses and to the constant. */
  readonly values: readonly Float64Array[]
  /** Fourth cumulant of each component under the reference: how far small samples are from normal. */
  readonly kurtosis: readonly number[]
  readonly shape: ScoreShape
  /** The reference's masses, by cell. */
  readonly mass: Float64Array
  readonly m: number
}

export interface NeymanResult {
  /** One z score a component, in the order of `NEYMAN_COMPONENTS`; standard normal without change. */
  readonly components: Float64Array
  /** Sum of the squares of the components that the sample size can carry. */
  readonly statistic: number
  readonly degreesOfFreedom: number
  readonly pValue: number
}

/** A direction almost exhausted by those before it would be made of rounding errors. */
const DEPENDENT = 1e-9

/**
 * Fourth cumulant in units of the sample size above which a score is not taken for normal: it hangs on a
 * cell so rare that the law of the tail is Poisson's. The cell itself is the max-cell test's concern.
 */
export const KURTOSIS_MAX = 0.1

/**
 * Polynomials of the reference's mid-distribution function, orthonormal on its discrete masses, degrees 1
 * to at most 4: on many equal cells the shifted Legendre polynomials; atoms and few cells are exact as well.
 *
 * A cell that the reference left empty takes part with the polynomial's value at its place. Fewer than two
 * cells in use: order 0. Recurrence of Stieltjes, orthogonalised twice.
 * Source: Neyman, Skandinavisk Aktuarietidskrift 20 (1937); Gautschi, Orthogonal Polynomials (2004), 2.2.
 */
export function neymanBasis(reference: Counts): NeymanBasis {
  const cells = reference.length
  const m = total(reference)
  const place = new Float64Array(cells)
  const mass = new Float64Array(cells)
  let below = 0
  let inUse = 0
  for (let cell = 0; cell < cells; cell++) {
    const count = reference[cell]!
    // Centred on 0 and of span 2, where powers lose the least.
    place[cell] = m === 0 ? 0 : (2 * below + count) / m - 1
    mass[cell] = m === 0 ? 0 : count / m
    below += count
    if (count > 0) inUse++
  }

  const orderMax = Math.min(NEYMAN_COMPONENTS.length, inUse - 1)
  const values: Float64Array[] = []
  const kurtosis: number[] = []
  let last = new Float64Array(cells).fill(1)
  for (let degree = 1; degree <= orderMax; degree++) {
    const next = new Float64Array(cells)
    for (let cell = 0; cell < cells; cell++) next[cell] = place[cell]! * last[cell]!
    const before = squareMean(next, mass)
    for (let pass = 0; pass < 2; pass++) {
      subtract(next, mass, null)
      for (const other of values) subtract(next, mass, other)
    }
    const square = squareMean(next, mass)
    if (!(square > before * DEPENDENT)) break
    const norm = 1 / Math.sqrt(square)
    let fourth = 0
    for (let cell = 0; cell < cells; cell++) {
      next[cell] = next[cell]! * norm
      fourth += mass[cell]! * next[cell]! ** 4
    }
    values.push(next)
    kurtosis.push(fourth - 3)
    last = next
  }
  return { order: values.length, values, kurtosis, shape: scoreShape(values, mass), mass, m }
}

/**
 * Sums of the components over a window's values: `order` numbers that add up over panes and divide by n.
 * A cell's count times its polynomials' values. `counts` has the cells of the reference.
 */
export function neymanSums(basis: NeymanBasis, counts: Counts): Float64Array {
  const [location, scale, skew, tails] = basis.values
  if (location === undefined) return new Float64Array(0)
  if (scale === undefined || skew === undefined || tails === undefined) {
    return Float64Array.from(basis.values, (values) => sumOver(values, counts))
  }
  // All four at once: sums that do not wait for each other.
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  for (let cell = 0; cell < location.length; cell++) {
    const count = counts[cell]!
    first += count * location[cell]!
    second += count * scale[cell]!
    third += count * skew[cell]!
    fourth += count * tails[cell]!
  }
  return Float64Array.of(first, second, third, fourth)
}

function sumOver(values: Float64Array, counts: Counts): number {
  let sum = 0
  for (let cell = 0; cell < values.length; cell++) sum += counts[cell]! * values[cell]!
  return sum
}

/**
 * Neyman's smooth test of a window against the reference, from the window's component sums.
 *
 * z_k = sqrt(nm / (n + m)) * sum_k / n, statistic = the sum of z_k² over the components the sample size
 * carries, without change as `smoothSurvival` says: the error of the reference is in the price. Nothing to
 * compare: p 1.
 * @param n values in the window
 */
export function neymanTest(basis: NeymanBasis, sums: ArrayLike<number>, n: number): NeymanResult {
  const { order, values, kurtosis, mass, m } = basis
  const components = new Float64Array(order)
  if (n === 0 || m === 0) return { components, statistic: 0, degreesOfFreedom: 0, pValue: 1 }
  const effectiveSize = (n * m) / (n + m)
  const scale = Math.sqrt(effectiveSize) / n
  let statistic = 0
  const carried: Float64Array[] = []
  for (let k = 0; k < order; k++) {
    const z = sums[k]! * scale
    components[k] = z
    if (kurtosis[k]! > KURTOSIS_MAX * effectiveSize) continue
    statistic += z * z
    carried.push(values[k]!)
  }
  const degreesOfFreedom = carried.length
  const shape = degreesOfFreedom === order ? basis.shape : scoreShape(carried, mass)
  const pValue = smoothSurvival(statistic, degreesOfFreedom, shape, n, m)
  return { components, statistic, degreesOfFreedom, pValue }
}

/** Takes the part along `direction` (null: the constant) out of `values`, both under `mass`. */
function subtract(values: Float64Array, mass: Float64Array, direction: Float64Array | null): void {
  let along = 0
  for (let cell = 0; cell < values.length; cell++) {
    along += mass[cell]! * values[cell]! * (direction === null ? 1 : direction[cell]!)
  }
  for (let cell = 0; cell < values.length; cell++) {
    values[cell] = values[cell]! - along * (direction === null ? 1 : direction[cell]!)
  }
}

function squareMean(values: Float64Array, mass: Float64Array): number {
  let sum = 0
  for (let cell = 0; cell < values.length; cell++) sum += mass[cell]! * values[cell]! ** 2
  return sum
}
