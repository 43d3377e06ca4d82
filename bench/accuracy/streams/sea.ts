import type { Concept } from './row.ts'

const THRESHOLDS = [8, 9, 7, 9.5] as const

/**
 * SEA concepts: three numbers from 0 to 10, positive where the first two add up to more than a threshold
 * (8, 9, 7 or 9.5). Only labels move.
 * Source: Street and Kim, KDD 2001; River 0.26.1 `datasets.synth.SEA`.
 */
export function sea(variant: 0 | 1 | 2 | 3): Concept {
  return (random) => {
    const x = Float64Array.from({ length: 3 }, () => 10 * random())
    return { x, y: x[0]! + x[1]! > THRESHOLDS[variant] ? 1 : 0 }
  }
}
