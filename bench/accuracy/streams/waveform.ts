import { standardNormal } from '../../streams/distributions.ts'
import type { Concept } from './row.ts'

const POINTS = 21
/** Where the three triangular waves have their peaks. */
const PEAKS = [10, 14, 6] as const
const HEIGHT = 6

/** The two waves that each class mixes. */
const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const

/** Height of a wave at a point. */
export function waveAt(wave: number, point: number): number {
  return Math.max(0, HEIGHT - Math.abs(point - PEAKS[wave]!))
}

/**
 * Waves of 21 noisy points, each a mixture in proportions of chance of two of three triangles; which two is
 * the class.
 * Source: Breiman et al., Classification and Regression Trees, 1984.
 */
export function waveform(): Concept {
  return (random) => {
    const y = Math.floor(3 * random())
    const [one, other] = PAIRS[y]!
    const share = random()
    const x = Float64Array.from(
      { length: POINTS },
      (_, point) => share * waveAt(one, point) + (1 - share) * waveAt(other, point) + standardNormal(random),
    )
    return { x, y }
  }
}
