/** Lags in a row that must be within chance before a series counts as forgetful from there on. */
const QUIET_LAGS_MIN = 5
/** A length beyond a third of the series leaves too few blocks to tell of their spread. */
const BLOCKS_MIN = 3

/**
 * How long the blocks of a circular block bootstrap should be for the mean of a series in its order: 1 where
 * neighbours say nothing of one another, the longer the longer they do. At most 3 √n and a third of the series;
 * 1 for a constant series and for fewer than three values. Values must be finite. Costs O(n √n).
 *
 * Source: Politis and White, Automatic block-length selection for the dependent bootstrap, Econometric Reviews
 * 23 (2004), with the correction of Patton, Politis and White, ibid. 28 (2009): a flat-top lag window over the
 * lags at which the autocorrelation is above 2 √(log10 n / n).
 */
export function blockLength(series: Float64Array): number {
  const n = series.length
  // Asked before anything is subtracted: rounding leaves a constant series a variance that is not quite none.
  if (n < BLOCKS_MIN || series.every((value) => value === series[0])) return 1
  const quietLags = Math.max(QUIET_LAGS_MIN, Math.ceil(Math.sqrt(Math.log10(n))))
  const lagMax = Math.ceil(Math.sqrt(n)) + quietLags
  const covariances = autocovariances(series, Math.min(n - 1, lagMax + quietLags))
  const variance = covariances[0]!
  const limit = 2 * Math.sqrt(Math.log10(n) / n) * variance
  const remembered = lastTellingLag(covariances, limit, quietLags, lagMax)
  if (remembered === 0) return 1

  const bandwidth = Math.min(2 * remembered, lagMax)
  let longRunVariance = variance
  let slope = 0
  for (let lag = 1; lag <= Math.min(bandwidth, covariances.length - 1); lag++) {
    const weighted = 2 * flatTop(lag / bandwidth) * covariances[lag]!
    longRunVariance += weighted
    slope += lag * weighted
  }
  const squared = (4 / 3) * longRunVariance ** 2
  if (squared === 0) return 1
  const length = Math.cbrt(((2 * slope ** 2) / squared) * n)
  return Math.max(1, Math.round(Math.min(length, 3 * Math.sqrt(n), n / BLOCKS_MIN)))
}

/** Divided by n at every lag, as the spectrum's estimate asks for. */
function autocovariances(series: Float64Array, lagMax: number): Float64Array {
  const n = series.length
  let mean = 0
  for (const value of series) mean += value / n
  return Float64Array.from({ length: lagMax + 1 }, (_, lag) => {
    let sum = 0
    for (let i = 0; i + lag < n; i++) sum += (series[i]! - mean) * (series[i + lag]! - mean)
    return sum / n
  })
}

/** The lag after which so many in a row are within chance; where none is, the largest beyond chance. */
function lastTellingLag(covariances: Float64Array, limit: number, quietLags: number, lagMax: number): number {
  let quiet = 0
  let last = 0
  for (let lag = 1; lag <= lagMax && lag < covariances.length; lag++) {
    if (Math.abs(covariances[lag]!) < limit) {
      if (++quiet === quietLags) return last
    } else {
      quiet = 0
      last = lag
    }
  }
  return last
}

/** Trapezoid: 1 up to a half, then down to 0 at 1. */
function flatTop(share: number): number {
  return share <= 0.5 ? 1 : Math.max(0, 2 * (1 - share))
}
