import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, POWERS_OF_TEN } from '../../../../src/events/extract/exact-decimal.ts'

describe('decimal', () => {
  it('has the exact powers of ten', () => {
    expect(POWERS_OF_TEN).toHaveLength(23)
    POWERS_OF_TEN.forEach((power, exponent) => {
      expect(BigInt(power)).toBe(10n ** BigInt(exponent))
    })
  })

  it('is the nearest double, or says that it does not know', () => {
    const cases = fc.record({
      high: fc.integer({ min: 0, max: 999_999_999_999_999 }),
      low: fc.integer({ min: 0, max: 999_999_999 }),
      lowCount: fc.integer({ min: 0, max: 9 }),
      power: fc.integer({ min: -40, max: 40 }),
    })
    let proven = 0
    fc.assert(
      fc.property(cases, ({ high, low, lowCount, power }) => {
        const rest = low % 10 ** lowCount
        const value = decimal(high, rest, lowCount, power)
        if (Number.isNaN(value)) return
        proven++
        expect(value).toBe(Number(`${BigInt(high) * 10n ** BigInt(lowCount) + BigInt(rest)}e${power}`))
      }),
      { numRuns: 20_000 },
    )
    expect(proven).toBeGreaterThan(5_000)
  })

  it('does not answer at the middle between two doubles, and nearly always beside it', () => {
    // 2^52 + k + 1/2 has its last bit behind the point.
    let answered = 0
    for (let k = 0; k < 1000; k++) {
      const high = Math.floor((2 ** 52 + k) / 1e8)
      const low = ((2 ** 52 + k) % 1e8) * 10
      expect(decimal(high, low + 5, 9, -1)).toBeNaN()
      const beside = decimal(high, low + 6, 9, -1)
      if (Number.isNaN(beside)) continue
      answered++
      expect(beside).toBe(Number(`${2 ** 52 + k}.6`))
    }
    expect(answered).toBeGreaterThan(990)
  })

  it('leaves powers alone that no double holds', () => {
    expect(decimal(1, 0, 0, 23)).toBeNaN()
    expect(decimal(1, 0, 0, -23)).toBeNaN()
    expect(decimal(999_999_999, 999_999_999, 9, 1)).toBeNaN()
    expect(decimal(1, 0, 0, Number.NaN)).toBeNaN()
  })
})
