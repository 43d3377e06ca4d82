import { seededUniform } from './sketch-samples.ts'

/** Draws from lists and ranges, the same for the same seed. */
export interface Draw {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number
  chance(probability: number): boolean
  of<Item>(items: readonly Item[]): Item
}

export function createDraw(seed: number): Draw {
  const uniform = seededUniform(seed)
  const below = (bound: number): number => Math.floor(uniform() * bound)
  return {
    below,
    chance: (probability) => uniform() < probability,
    of: (items) => items[below(items.length)]!,
  }
}
