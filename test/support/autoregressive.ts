import type { Random } from '../../src/statistics/random.ts'

/** A series of mean 0 and variance 1 in which each value keeps `memory` of the one before; Gaussian. */
export function autoregressive(n: number, memory: number, random: Random): Float64Array {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const fresh = Math.sqrt(1 - memory ** 2)
  const series = new Float64Array(n)
  let value = normal()
  for (let i = 0; i < n; i++) {
    series[i] = value
    value = memory * value + fresh * normal()
  }
  return series
}
