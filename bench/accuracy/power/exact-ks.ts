/**
 * The smallest two-sample Kolmogorov–Smirnov distance of n and m raw values whose exact p-value is at most
 * alpha, for m a multiple of n: distances are multiples of 1 / m then.
 * Found by halving on the exact law.
 */
export function exactKsThreshold(n: number, m: number, alpha: number): number {
  if (m % n !== 0) throw new Error(`expected m to be a multiple of n, got ${n} and ${m}`)
  let low = 0
  let high = m + 1
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (exactKsSurvival(n, m, middle) <= alpha) high = middle
    else low = middle
  }
  return high / m
}

/**
 * P(D >= steps / m) without change and without ties, for m a multiple of n: one less the share of lattice
 * paths that stay within the band, counted row by row and scaled as they grow.
 * Source: Hodges, Arkiv för Matematik 3 (1958). 1 in 1e12 is the smallest it can tell.
 */
export function exactKsSurvival(n: number, m: number, steps: number): number {
  if (steps <= 0) return 1
  const rowStep = m / n
  const paths = new Float64Array(m + 1)
  for (let column = 0; column < Math.min(steps, m + 1); column++) paths[column] = 1
  for (let row = 1; row <= n; row++) {
    const scale = row / (row + m)
    const from = Math.max(0, row * rowStep - steps + 1)
    const to = Math.min(m, row * rowStep + steps - 1)
    if (from > 0) paths[from - 1] = 0
    let before = 0
    for (let column = from; column <= to; column++) {
      before = paths[column]! * scale + before
      paths[column] = before
    }
  }
  return Math.max(0, 1 - paths[m]!)
}

/** The distance of two samples of raw values in rising order, ties allowed. */
export function ksDistance(window: Float64Array, reference: Float64Array): number {
  const n = window.length
  const m = reference.length
  let distance = 0
  let next = 0
  while (next < n) {
    const x = window[next]!
    let after = next
    while (after < n && window[after] === x) after++
    distance = Math.max(
      distance,
      Math.abs(next / n - countBelow(reference, x, false) / m),
      Math.abs(after / n - countBelow(reference, x, true) / m),
    )
    next = after
  }
  return distance
}

function countBelow(sorted: Float64Array, x: number, orEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < x || (orEqual && sorted[middle] === x)) low = middle + 1
    else high = middle
  }
  return low
}
