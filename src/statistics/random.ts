import { stableId } from '../events/stable-id.ts'

/** A sequence of numbers in [0, 1), in steps of 2^-32. */
export type Random = () => number

/** Where a sequence stands: four 32-bit words. Plain data. */
export interface RandomState {
  a: number
  b: number
  c: number
  counter: number
}

/**
 * The beginning of a sequence that follows from `seed` alone: chance comes into a pure room as an argument.
 * No secret may hang on it.
 * Source: Chris Doty-Humphrey, sfc32 of PractRand 0.94, seeded with 64 bits and warmed up by 12 steps.
 */
export function createRandomState(seed: string): RandomState {
  const hash = stableId(seed)
  const state = {
    a: 0,
    b: Number.parseInt(hash.slice(8), 16) | 0,
    c: Number.parseInt(hash.slice(0, 8), 16) | 0,
    counter: 1,
  }
  for (let step = 0; step < 12; step++) nextRandom(state)
  return state
}

/** The next number of the sequence, in [0, 1); the state moves on. */
export function nextRandom(state: RandomState): number {
  const { a, b, c, counter } = state
  const sum = (a + b + counter) | 0
  state.counter = (counter + 1) | 0
  state.a = b ^ (b >>> 9)
  state.b = (c + (c << 3)) | 0
  state.c = (((c << 21) | (c >>> 11)) + sum) | 0
  return (sum >>> 0) / 4_294_967_296
}

/** A generator whose whole sequence follows from `seed`. */
export function createRandom(seed: string): Random {
  const state = createRandomState(seed)
  return () => nextRandom(state)
}
