/** So many neighbouring values, of which only their sum and the squares around their mean are known. */
interface Bucket {
  readonly total: number
  readonly squares: number
}

/**
 * The newest values of a stream in memory that grows with the logarithm of their number. Row r holds buckets
 * of 2^r values, oldest first; a row that is over full gives its two oldest, merged, to the next one.
 * Plain data.
 */
export interface ExponentialHistogram {
  readonly bucketsPerRow: number
  readonly rows: Bucket[][]
  n: number
  total: number
  /** Sum of squared deviations of all values held from their mean. */
  squares: number
}

export function createExponentialHistogram(bucketsPerRow: number): ExponentialHistogram {
  return { bucketsPerRow, rows: [[]], n: 0, total: 0, squares: 0 }
}

/**
 * Adds the newest value.
 * Source: Datar, Gionis, Indyk and Motwani 2002 (the histogram); Babcock et al. 2003 (its variance).
 */
export function addNewest(histogram: ExponentialHistogram, value: number): void {
  histogram.n += 1
  if (histogram.n > 1) {
    const before = histogram.n - 1
    const deviation = value - histogram.total / before
    histogram.squares += (before * deviation * deviation) / histogram.n
  }
  histogram.total += value
  histogram.rows[0]!.push({ total: value, squares: 0 })
  for (let row = 0; histogram.rows[row]!.length > histogram.bucketsPerRow; row++) {
    const [oldest, next] = histogram.rows[row]!.splice(0, 2)
    if (row + 1 === histogram.rows.length) histogram.rows.push([])
    histogram.rows[row + 1]!.push(mergeBuckets(oldest!, next!, 2 ** row))
  }
}

/** Forgets the oldest bucket; at least one other must be left. */
export function dropOldest(histogram: ExponentialHistogram): void {
  const { rows } = histogram
  const size = 2 ** (rows.length - 1)
  const bucket = rows.at(-1)!.shift()!
  histogram.n -= size
  histogram.total -= bucket.total
  const difference = bucket.total / size - histogram.total / histogram.n
  const between = (size * histogram.n * difference * difference) / (size + histogram.n)
  histogram.squares -= bucket.squares + between
  while (rows.at(-1)!.length === 0) rows.pop()
}

/** Two buckets of `size` values each as one. */
function mergeBuckets(a: Bucket, b: Bucket, size: number): Bucket {
  const difference = a.total / size - b.total / size
  const between = (size * difference * difference) / 2
  return { total: a.total + b.total, squares: a.squares + b.squares + between }
}
