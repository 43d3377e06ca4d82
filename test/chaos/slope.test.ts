import { describe, expect, it } from 'vitest'
import { mulberry32 } from '../support/small-world.ts'
import { slopeOf } from './slope.ts'

/** A line with noise on it that remembers so much of itself from sample to sample. */
function line(rise: number, memory: number, seed: number): [number, number][] {
  const random = mulberry32(seed)
  let noise = 0
  return Array.from({ length: 45 }, (_, index) => {
    noise = memory * noise + (random() - 0.5)
    return [index / 60, rise * (index / 60) + noise]
  })
}

describe('slopeOf', () => {
  it('finds the rise of a line', () => {
    const { perUnit, low, high } = slopeOf(line(5, 0, 1).map(([x]) => [x, 3 + 5 * x] as const))
    expect(perUnit).toBeCloseTo(5, 10)
    expect(high - low).toBeCloseTo(0, 6)
  })

  it.each([0, 0.8])('covers the true rise of noise that remembers %d of itself', (memory) => {
    const covered = Array.from({ length: 400 }, (_, seed) => slopeOf(line(2, memory, seed + 1))).filter(
      ({ low, high }) => low <= 2 && 2 <= high,
    )
    // 95 % where samples are independent; the first autocorrelation of 45 samples makes up for most of the rest.
    expect(covered.length / 400).toBeGreaterThan(0.88)
  })

  it('refuses to see a line in three points', () => {
    expect(() => slopeOf(line(1, 0, 1).slice(0, 3))).toThrow('at least four')
  })
})
