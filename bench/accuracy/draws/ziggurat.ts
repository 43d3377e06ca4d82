import type { Random } from '../../../src/statistics/random.ts'

/** Strips of equal area under the density, the lowest of them with the tail. */
const STRIPS = 128
/** Where the tail begins, and the area of a strip: the pair that closes the topmost one at the peak. */
const TAIL = 3.442619855899
const AREA = 9.91256303526217e-3

/** Right end of each strip, from the lowest up, and the share of it that lies under the next strip. */
const ends = new Float64Array(STRIPS + 1)
const inside = new Float64Array(STRIPS)
ends[0] = AREA / Math.exp(-(TAIL ** 2) / 2)
ends[1] = TAIL
for (let strip = 2; strip < STRIPS; strip++) {
  const before = ends[strip - 1]!
  ends[strip] = Math.sqrt(-2 * Math.log(AREA / before + Math.exp(-(before ** 2) / 2)))
}
for (let strip = 0; strip < STRIPS; strip++) inside[strip] = ends[strip + 1]! / ends[strip]!

/**
 * Standard normal values, exact in law: of a hundred draws ninety-eight are two numbers and a product, where
 * Box and Muller's formula takes a logarithm, a root and a sine of each. The strip is chosen by a number of
 * its own: taken from the bits of the value itself, the two would hang together.
 * Source: Marsaglia and Tsang, Journal of Statistical Software 5(8) (2000); Doornik, An Improved Ziggurat
 * Method (2005), for the two numbers.
 */
export function zigguratNormals(random: Random): () => number {
  return () => {
    for (;;) {
      const share = 2 * random() - 1
      const strip = (random() * STRIPS) | 0
      if (Math.abs(share) < inside[strip]!) return share * ends[strip]!
      if (strip === 0) return tailValue(random, share < 0)
      const value = share * ends[strip]!
      const lower = Math.exp((value ** 2 - ends[strip]! ** 2) / 2)
      const upper = Math.exp((value ** 2 - ends[strip + 1]! ** 2) / 2)
      if (upper + random() * (lower - upper) < 1) return value
    }
  }
}

/** A value beyond the lowest strip. Source: Marsaglia, Technometrics 6 (1964). */
function tailValue(random: Random, isNegative: boolean): number {
  for (;;) {
    const beyond = -Math.log(1 - random()) / TAIL
    if (-2 * Math.log(1 - random()) >= beyond * beyond) return isNegative ? -TAIL - beyond : TAIL + beyond
  }
}
