import type { Concept } from './row.ts'

/** The seven segments of a digital display, by digit: top, upper left, upper right, middle, and so on. */
const SEGMENTS = [
  '1110111',
  '0010010',
  '1011101',
  '1011011',
  '0111010',
  '1101011',
  '1101111',
  '1010010',
  '1111111',
  '1111011',
] as const

const IRRELEVANT = 17

/**
 * Digits on a seven-segment display with faulty segments, and seventeen that say nothing. With `swapped`, so
 * many relevant segments have changed places with irrelevant ones. As in River, a segment is wrong with 0.01
 * less than the noise.
 * Source: Breiman et al., Classification and Regression Trees, 1984; River 0.26.1 `datasets.synth.LED`.
 */
export function led(noise: number, swapped = 0): Concept {
  return (random) => {
    const y = Math.floor(10 * random())
    const x = new Float64Array(7 + IRRELEVANT)
    for (let i = 0; i < 7; i++) {
      const lit = Number(SEGMENTS[y]![i])
      x[i] = 0.01 + random() <= noise ? 1 - lit : lit
    }
    for (let i = 7; i < x.length; i++) x[i] = random() < 0.5 ? 0 : 1
    for (let i = 0; i < swapped; i++) {
      const segment = x[i]!
      x[i] = x[7 + i]!
      x[7 + i] = segment
    }
    return { x, y }
  }
}
