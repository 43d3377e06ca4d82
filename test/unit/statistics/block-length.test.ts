import { describe, expect, it } from 'vitest'
import { blockLength } from '../../../src/statistics/block-length.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { autoregressive } from '../../support/autoregressive.ts'

describe('blockLength', () => {
  const median = (lengths: readonly number[]) => lengths.toSorted((a, b) => a - b)[lengths.length >> 1]!
  const lengths = (n: number, memory: number) =>
    Array.from({ length: 60 }, (_, run) =>
      blockLength(autoregressive(n, memory, createRandom(`blocks ${memory} ${run}`))),
    )

  // For x[t] = r x[t-1] + e the lag sum is G = 2 r / (1 - r)², the long-run variance S = (1 + r) / (1 - r), each
  // times the variance, and Politis and White's optimum (2 G² n / (4/3 S²))^(1/3).
  it.each([
    [1_000, 0.5, 13.9],
    [4_000, 0.5, 22.0],
    [4_000, 0.8, 49.1],
  ])('is near the optimum of a first-order autoregression: %i values, %f', (n, memory, optimum) => {
    expect(
      Math.cbrt(
        (2 * ((2 * memory) / (1 - memory) ** 2) ** 2 * n) / ((4 / 3) * ((1 + memory) / (1 - memory)) ** 2),
      ),
    ).toBeCloseTo(optimum, 1)
    expect(median(lengths(n, memory))).toBeGreaterThan(0.6 * optimum)
    expect(median(lengths(n, memory))).toBeLessThan(1.6 * optimum)
  })

  it('is one for most independent values, and short for the others', () => {
    const independent = lengths(1_000, 0)
    expect(median(independent)).toBe(1)
    expect(Math.max(...independent)).toBeLessThan(40)
  })

  it('is one where there is nothing to tell, and leaves three blocks at least', () => {
    for (const n of [0, 1, 2, 50]) expect(blockLength(new Float64Array(n).fill(0.3))).toBe(1)
    const ramp = Float64Array.from({ length: 30 }, (_, index) => index)
    expect(blockLength(ramp)).toBeLessThanOrEqual(10)
    expect(blockLength(ramp)).toBeGreaterThan(3)
  })
})
