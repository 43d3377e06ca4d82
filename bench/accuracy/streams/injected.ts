import type { Random } from '../../../src/statistics/random.ts'
import { standardNormal } from '../../streams/distributions.ts'

/** One value after the other; NaN where it is missing. */
export type ValueStream = (random: Random) => number

/** N(mean, sd): a shift of the mean or of the scale is another one of them. */
export function normal(mean = 0, sd = 1): ValueStream {
  return (random) => mean + sd * standardNormal(random)
}

/** Codes of categories, category k with a share like 1 / (k + 1). */
export function zipf(categories: number): ValueStream {
  const cumulated: number[] = []
  for (let k = 0; k < categories; k++) cumulated.push((cumulated[k - 1] ?? 0) + 1 / (k + 1))
  return (random) => {
    const mass = random() * cumulated.at(-1)!
    return cumulated.findIndex((sum) => sum > mass)
  }
}

/** The same categories, with a share of the values moved to one of them. */
export function withCategory(stream: ValueStream, category: number, share: number): ValueStream {
  return (random) => (random() < share ? category : stream(random))
}

/** The same, with a share of the values missing. */
export function withMissing(stream: ValueStream, share: number): ValueStream {
  return (random) => (random() < share ? Number.NaN : stream(random))
}

/**
 * Values of variance 1 that remember their predecessor, on a daily cycle: AR(1) with the given correlation
 * around amplitude sin(2 pi t / day).
 */
export function autoregressive(correlation: number, amplitude = 0, day = 24): ValueStream {
  let noise: number | null = null
  let t = 0
  const fresh = Math.sqrt(1 - correlation * correlation)
  return (random) => {
    const draw = standardNormal(random)
    noise = noise === null ? draw : correlation * noise + fresh * draw
    return noise + amplitude * Math.sin((2 * Math.PI * t++) / day)
  }
}
