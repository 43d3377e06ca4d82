import { describe, expect, it } from 'vitest'
import { differenceOfEstimates } from '../../../src/statistics/difference-of-estimates.ts'
import { meanWithError } from '../../../src/statistics/mean-with-error.ts'
import { normalTwoSided } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { drawBinomial } from '../../support/draw-binomial.ts'

/** A mean of zeros and ones, which is the plainest loss with a long tail. */
function meanOf(hits: number, n: number) {
  return meanWithError(n, hits, hits)!
}

describe('differenceOfEstimates', () => {
  it('takes the spread of both samples together where one has missed the tail', () => {
    const [n, m] = [10_000, 1000]
    const [now, before] = [meanOf(100, n), meanOf(3, m)]
    const welch = differenceOfEstimates(now, before, 0.99)
    const pooled = differenceOfEstimates(now, before, 0.99, { n, m })
    // Each side's variance of a value by the other's number: 0.0099 / 1000 and 0.002994 / 10,000.
    const expected = Math.sqrt(0.0099 / m + 0.002994 / n)
    expect(pooled.pValue).toBeCloseTo(normalTwoSided(0.007 / expected), 4)
    expect(welch.pValue).toBeLessThan(0.001)
    expect(pooled.pValue).toBeGreaterThan(0.02)
    expect(pooled.lower).toBeLessThan(welch.lower)
  })

  it('is as it was where both spreads are one, and never surer than without the sizes', () => {
    const [a, b] = [meanOf(300, 1000), meanOf(3300, 10_000)]
    const welch = differenceOfEstimates(a, b, 0.99)
    const pooled = differenceOfEstimates(a, b, 0.99, { n: 1000, m: 10_000 })
    expect(pooled.pValue).toBeGreaterThanOrEqual(welch.pValue)
    expect(pooled.pValue / welch.pValue).toBeLessThan(1.2)
  })

  it('alarms as rarely as it says against a small reference of rare losses', () => {
    const random = createRandom('rare losses')
    const [n, m, level] = [10_000, 1000, 0.001]
    let [alone, together] = [0, 0]
    const rounds = 20_000
    for (let round = 0; round < rounds; round++) {
      const [now, before] = [
        meanOf(drawBinomial(n, 0.01, random), n),
        meanOf(drawBinomial(m, 0.01, random), m),
      ]
      if (now.value <= before.value) continue
      if (differenceOfEstimates(now, before, 0.99).pValue <= level) alone++
      if (differenceOfEstimates(now, before, 0.99, { n, m }).pValue <= level) together++
    }
    expect(together / rounds).toBeLessThan(level)
    // What it mends: by the errors of each alone it is several times as often.
    expect(alone / rounds).toBeGreaterThan(3 * level)
  })
})
