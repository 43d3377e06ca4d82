import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areaUnderCurve } from '../../src/statistics/auc.ts'
import { rateDifference } from '../../src/statistics/binomial-rates.ts'
import { chiSquareSurvival } from '../../src/statistics/chi-square.ts'
import { kolmogorovSurvival, ksOnGrid } from '../../src/statistics/ks-on-grid.ts'
import { noncentralChiSquareCdf } from '../../src/statistics/noncentral-chi-square.ts'
import { normalQuantile, normalSurvival } from '../../src/statistics/normal.ts'
import { pearsonChiSquare } from '../../src/statistics/pearson-chi-square.ts'
import { poolCells } from '../../src/statistics/pool-cells.ts'
import { populationStability } from '../../src/statistics/psi.ts'
import { psiBounds } from '../../src/statistics/psi-interval.ts'

const count = fc.oneof(fc.constant(0), fc.nat(20), fc.nat(100_000))
/** Two count arrays on the same cells, both with at least one value. */
const samples = fc
  .array(fc.tuple(count, count), { minLength: 1, maxLength: 40 })
  .map((cells) => ({ window: cells.map(([c]) => c), reference: cells.map(([, r]) => r) }))
  .filter(({ window, reference }) => window.some((c) => c > 0) && reference.some((r) => r > 0))
const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)
const at = (low: number, high: number): fc.Arbitrary<number> =>
  fc.double({ min: low, max: high, noNaN: true })
const pair = (low: number, high: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(at(low, high), at(low, high)).map(([a, b]) => (a <= b ? [a, b] : [b, a]))

describe('PSI', () => {
  it('is the same with window and reference exchanged', () => {
    fc.assert(
      fc.property(samples, ({ window, reference }) => {
        const forth = populationStability(window, reference)
        const back = populationStability(reference, window)
        expect(back.psi).toBeCloseTo(forth.psi, 10)
        expect(back.pValue).toBeCloseTo(forth.pValue, 10)
      }),
    )
  })

  it('is zero just where samples of one size are equal', () => {
    fc.assert(
      fc.property(fc.array(count, { minLength: 2, maxLength: 40 }), fc.nat(), fc.nat(), (cells, from, to) => {
        fc.pre(cells.filter((c) => c > 0).length > 1)
        expect(populationStability(cells, cells).psi).toBe(0)
        const source = from % cells.length
        const target = to % cells.length
        fc.pre(source !== target && cells[source]! > 0)
        const moved = cells.map((c, i) => (i === source ? c - 1 : i === target ? c + 1 : c))
        expect(populationStability(moved, cells).psi).toBeGreaterThan(0)
      }),
    )
  })

  it('does not grow when cells are pooled', () => {
    fc.assert(
      fc.property(samples, ({ window, reference }) => {
        // Without the half counts: divergences fall under coarsening, smoothing is not part of that law.
        const scaled = (counts: readonly number[]): number[] => counts.map((c) => (c + 1) * 1e9)
        const fine = populationStability(scaled(window), scaled(reference)).psi
        const half = (counts: readonly number[]): number[] => {
          const out: number[] = []
          for (let i = 0; i < counts.length; i += 2) out.push(counts[i]! + (counts[i + 1] ?? 0))
          return out
        }
        const coarse = populationStability(half(scaled(window)), half(scaled(reference))).psi
        expect(coarse).toBeLessThanOrEqual(fine + 1e-9)
      }),
    )
  })

  it('lies between its bounds, once the bias is off', () => {
    fc.assert(
      fc.property(samples, ({ window, reference }) => {
        const stability = populationStability(window, reference)
        const { lower, upper } = psiBounds(stability, 0.99)
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(lower).toBeLessThanOrEqual(stability.corrected)
        expect(upper).toBeGreaterThanOrEqual(stability.corrected)
        expect(Number.isFinite(upper)).toBe(true)
      }),
    )
  })
})

describe('pooling', () => {
  it('loses no value', () => {
    fc.assert(
      fc.property(samples, fc.boolean(), ({ window, reference }, foldLast) => {
        const pooled = poolCells(window, reference, 5, foldLast)
        expect(sum([...pooled.window])).toBe(sum(window))
        expect(sum([...pooled.reference])).toBe(sum(reference))
      }),
    )
  })
})

describe('Pearson', () => {
  it('never falls below 0 and is the same with the samples exchanged', () => {
    fc.assert(
      fc.property(samples, ({ window, reference }) => {
        const forth = pearsonChiSquare(window, reference)
        const back = pearsonChiSquare(reference, window)
        expect(forth.chiSquare).toBeGreaterThanOrEqual(0)
        expect(Math.abs(back.chiSquare - forth.chiSquare)).toBeLessThanOrEqual(1e-9 * (1 + forth.chiSquare))
        expect(back.degreesOfFreedom).toBe(forth.degreesOfFreedom)
      }),
    )
  })
})

describe('KS', () => {
  it('lies in [0, 1], and raw values never lie outside the certified bounds', () => {
    const values = fc.array(at(-3, 3), { minLength: 1, maxLength: 60 })
    const edges = fc
      .uniqueArray(at(-3, 3), { minLength: 1, maxLength: 12 })
      .map((e) => e.sort((a, b) => a - b))
    fc.assert(
      fc.property(values, values, edges, (window, reference, grid) => {
        const counts = (xs: readonly number[]): number[] => {
          const bins = new Array<number>(grid.length + 1).fill(0)
          for (const x of xs) bins[grid.filter((edge) => edge <= x).length]!++
          return bins
        }
        const share = (xs: readonly number[], x: number): number =>
          xs.filter((y) => y <= x).length / xs.length
        const exact = Math.max(
          ...[...window, ...reference].map((x) => Math.abs(share(window, x) - share(reference, x))),
        )
        const { distance, distanceMax, pValue } = ksOnGrid(counts(window), counts(reference))
        expect(distance).toBeGreaterThanOrEqual(0)
        expect(distanceMax).toBeLessThanOrEqual(1)
        expect(distance).toBeLessThanOrEqual(exact + 1e-12)
        expect(exact).toBeLessThanOrEqual(distanceMax + 1e-12)
        expect(pValue).toBeGreaterThanOrEqual(0)
        expect(pValue).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('AUC', () => {
  const joints = fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 30 }).map((bins) => bins.flat())
  const classes = (joint: readonly number[]): [number, number] => [
    sum(joint.filter((_, i) => i % 2 === 0)),
    sum(joint.filter((_, i) => i % 2 === 1)),
  ]

  it('of flipped labels is one less the AUC, with the same error', () => {
    fc.assert(
      fc.property(joints, (joint) => {
        fc.pre(classes(joint).every((c) => c > 0))
        const flipped = joint.map((_, i) => joint[i ^ 1]!)
        const auc = areaUnderCurve(joint)!
        const other = areaUnderCurve(flipped)!
        expect(other.value).toBeCloseTo(1 - auc.value, 10)
        expect(other.standardError).toBeCloseTo(auc.standardError, 7)
        expect(auc.value).toBeGreaterThanOrEqual(0)
        expect(auc.value).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })
})

describe('p-values', () => {
  it('fall as the statistic grows', () => {
    fc.assert(
      fc.property(
        pair(0, 500),
        fc.integer({ min: 1, max: 600 }),
        at(0, 2000),
        ([low, high], degrees, noncentrality) => {
          expect(chiSquareSurvival(high, degrees)).toBeLessThanOrEqual(
            chiSquareSurvival(low, degrees) + 1e-13,
          )
          expect(noncentralChiSquareCdf(high, degrees, noncentrality)).toBeGreaterThanOrEqual(
            noncentralChiSquareCdf(low, degrees, noncentrality) - 1e-11,
          )
        },
      ),
    )
    fc.assert(
      fc.property(pair(-30, 30), ([low, high]) => {
        expect(normalSurvival(high)).toBeLessThanOrEqual(normalSurvival(low) * (1 + 1e-11))
        expect(kolmogorovSurvival(Math.abs(high) + 1)).toBeLessThanOrEqual(1)
      }),
    )
    fc.assert(
      fc.property(pair(0, 6), ([low, high]) => {
        expect(kolmogorovSurvival(high)).toBeLessThanOrEqual(kolmogorovSurvival(low) + 1e-12)
      }),
    )
  })

  it('of a rate fall as hits move away from the reference, and the interval holds the difference', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 3000 }),
        fc.nat(5000),
        fc.integer({ min: 1, max: 100_000 }),
        fc.nat(),
        (n, k, m, r) => {
          const referenceHits = r % (m + 1)
          const hits = k % n
          fc.pre(hits / n >= referenceHits / m)
          const near = rateDifference(hits, n, referenceHits, m, 0.99)
          const far = rateDifference(hits + 1, n, referenceHits, m, 0.99)
          expect(far.pValue).toBeLessThanOrEqual(near.pValue * (1 + 1e-8))
          expect(near.lower).toBeLessThanOrEqual(near.difference)
          expect(near.upper).toBeGreaterThanOrEqual(near.difference)
          expect(near.lower).toBeGreaterThanOrEqual(-1)
          expect(near.upper).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})

describe('normal quantile', () => {
  it('undoes the tail', () => {
    fc.assert(
      fc.property(at(-37, 0), (z) => {
        expect(normalQuantile(normalSurvival(-z))).toBeCloseTo(z, 9)
      }),
    )
  })
})
