import { describe, expect, it } from 'vitest'
import { benjaminiHochberg, holm } from '../../../src/statistics/adjusted-p-values.ts'
import { goldenRows } from '../../support/golden-statistics.ts'

describe('holm', () => {
  it('has the steps of its definition', () => {
    const adjusted = [...holm([0.01, 0.04, 0.03, 0.005])]
    for (const [test, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[test]).toBeCloseTo(p, 12)
  })

  it('stays a probability, keeps ties equal, and counts a NaN as a test', () => {
    expect([...holm([0.9, 0.8])]).toEqual([1, 1])
    expect([...holm([0.01, Number.NaN])]).toEqual([0.02, Number.NaN])
    expect(holm([]).length).toBe(0)
  })
})

describe('benjaminiHochberg', () => {
  it('agrees with scipy', () => {
    const row = goldenRows('falseDiscovery')[0]!
    const expected = row.adjusted as unknown as number[]
    const adjusted = benjaminiHochberg(row.pValues as unknown as number[])
    for (const [test, p] of expected.entries()) expect(adjusted[test]).toBeCloseTo(p, 12)
  })

  it('has the steps of its definition, and counts a NaN as a test', () => {
    const adjusted = [...benjaminiHochberg([0.01, 0.04, 0.03, 0.005])]
    for (const [test, q] of [0.02, 0.04, 0.04, 0.02].entries()) expect(adjusted[test]).toBeCloseTo(q, 12)
    const pValues = [0.2, 0.001, 0.03, 0.03, 0.7]
    const strict = holm(pValues)
    for (const [test, q] of benjaminiHochberg(pValues).entries()) expect(q).toBeLessThanOrEqual(strict[test]!)
    expect([...benjaminiHochberg([Number.NaN, 0.01])]).toEqual([Number.NaN, 0.02])
    expect(benjaminiHochberg([]).length).toBe(0)
  })
})
