import fc from 'fast-check'
import { expect, it } from 'vitest'
import { andersonDarling, andersonDarlingStatistic } from '../../src/statistics/anderson-darling.ts'
import { compileCategoricalOmnibus } from '../../src/statistics/categorical-omnibus.ts'
import { neymanSums } from '../../src/statistics/neyman-basis.ts'
import { compileOmnibus } from '../../src/statistics/omnibus.ts'

/** Reference, window and another window on the same cells: empty, tiny, huge and lopsided counts alike. */
const samples = fc.integer({ min: 0, max: 24 }).chain((cells) => {
  const count = fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 60 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 3_000_000 }) },
  )
  const counts = fc.array(count, { minLength: cells, maxLength: cells })
  return fc.tuple(counts, counts, counts)
})

it('gives a p-value for whatever was counted', () => {
  fc.assert(
    fc.property(samples, ([reference, window]) => {
      const result = compileOmnibus(reference).evaluate(window)
      const { neyman, andersonDarling, maxCell } = result
      for (const p of [result.pValue, neyman.pValue, andersonDarling.pValue ?? 1, maxCell.pValue]) {
        expect(p >= 0 && p <= 1).toBe(true)
      }
      for (const z of neyman.components) expect(Number.isFinite(z)).toBe(true)
      const categorical = compileCategoricalOmnibus(reference).evaluate(window)
      expect(categorical.pValue > 0 && categorical.pValue <= 1).toBe(true)
    }),
    { numRuns: 300 },
  )
})

it('has in one walk over the cells, to the bit, what its tests have one by one', () => {
  fc.assert(
    fc.property(samples, ([reference, window]) => {
      const omnibus = compileOmnibus(reference)
      const { sums, andersonDarling: joint, n } = omnibus.evaluate(window)
      expect(sums).toEqual(neymanSums(omnibus.basis, window))
      expect(joint.statistic).toBe(andersonDarlingStatistic(andersonDarling(reference), window, n))
    }),
    { numRuns: 300 },
  )
})

it('screens exactly what it evaluates', () => {
  const limit = fc.constantFrom(0.7, 0.3, 0.05, 1e-3, 1e-9)
  fc.assert(
    fc.property(samples, limit, ([reference, window], pValueMax) => {
      const omnibus = compileOmnibus(reference)
      const full = omnibus.evaluate(window)
      expect(omnibus.screen(window, pValueMax)).toEqual(full.pValue <= pValueMax ? full : null)
    }),
    { numRuns: 300 },
  )
})

it('has components that add up over panes, and none for the reference itself', () => {
  fc.assert(
    fc.property(samples, ([reference, one, other]) => {
      const { basis, evaluate } = compileOmnibus(reference)
      const together = neymanSums(
        basis,
        one.map((count, cell) => count + other[cell]!),
      )
      const parts = [neymanSums(basis, one), neymanSums(basis, other)] as const
      for (const [k, sum] of together.entries()) {
        const scale = 1 + Math.abs(parts[0][k]!) + Math.abs(parts[1][k]!)
        expect(Math.abs(sum - parts[0][k]! - parts[1][k]!) / scale).toBeLessThan(1e-9)
      }
      expect(evaluate(reference).pValue).toBe(1)
    }),
    { numRuns: 300 },
  )
})
