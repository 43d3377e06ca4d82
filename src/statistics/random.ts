import { stableId } from '../events/stable-id.ts'

/** A sequence of numbers in [0, 1), in steps of 2^-32. */
export type Random = () => number

/**
 * A generator whose whole sequence follows from `seed`: chance comes into a pure room as an argument.
 * No secret may hang on it.
 * Source: Chris Doty-Humphrey, sfc32 of PractRand 0.94, seeded with 64 bits and warmed up by 12 steps.
 */
export function createRandom(seed: string): Random {
  const hash = stableId(seed)
  let a = 0
  let b = Number.parseInt(hash.slice(8), 16) | 0
  let c = Number.parseInt(hash.slice(0, 8), 16) | 0
  let counter = 1
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let step = 0; step < 12; step++) next()
  return next
}
