import { describe, expect, it } from 'vitest'
import { chiSquareSurvival } from '../../../src/statistics/chi-square.ts'
import {
  NEYMAN_COMPONENTS,
  neymanBasis,
  neymanSums,
  neymanTest,
} from '../../../src/statistics/neyman-basis.ts'
import { goldenCounts } from '../../support/golden-statistics.ts'

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)

describe('neymanBasis', () => {
  it('is shifted Legendre on many even cells', () => {
    const cells = 1000
    const { values, order } = neymanBasis(new Array<number>(cells).fill(7))
    expect(order).toBe(4)
    for (const cell of [0, 123, 500, 999]) {
      const u = (cell + 0.5) / cells
      expect(values[0]![cell]).toBeCloseTo(Math.sqrt(3) * (2 * u - 1), 4)
      expect(values[1]![cell]).toBeCloseTo(Math.sqrt(5) * (6 * u * u - 6 * u + 1), 4)
      expect(values[2]![cell]).toBeCloseTo(Math.sqrt(7) * (20 * u ** 3 - 30 * u * u + 12 * u - 1), 3)
      expect(values[3]![cell]).toBeCloseTo(3 * (70 * u ** 4 - 140 * u ** 3 + 90 * u * u - 20 * u + 1), 3)
    }
  })

  it('is orthonormal under uneven masses with an atom and empty cells', () => {
    const reference = [0, 3, 5000, 10, 400, 0, 2000, 77, 900]
    const { values, order } = neymanBasis(reference)
    expect(order).toBe(4)
    const m = sum(reference)
    const all = [reference.map(() => 1), ...values]
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) {
        const inner = reference.reduce((total, count, cell) => total + (count / m) * a[cell]! * b[cell]!, 0)
        expect(inner).toBeCloseTo(i === j ? 1 : 0, 9)
      }
    }
  })

  it('has as many components as distinct cells allow', () => {
    expect(neymanBasis([]).order).toBe(0)
    expect(neymanBasis([5]).order).toBe(0)
    expect(neymanBasis([0, 5, 0, 9]).order).toBe(1)
    expect(neymanBasis([5, 9, 4]).order).toBe(2)
  })
})

describe('neymanTest', () => {
  it('agrees with a QR decomposition by numpy', () => {
    for (const row of goldenCounts('neyman')) {
      const basis = neymanBasis(row.reference)
      const result = neymanTest(basis, neymanSums(basis, row.window), sum(row.window))
      const expected = row.components as unknown as number[]
      expect(result.components.length).toBe(expected.length)
      for (const [k, z] of expected.entries()) expect(result.components[k]).toBeCloseTo(z, 6)
    }
  })

  it('adds up over panes and prices the error of the reference', () => {
    const basis = neymanBasis([100, 200, 300, 200, 100])
    const panes = [
      [10, 30, 30, 20, 11],
      [4, 31, 25, 12, 9],
    ]
    const together = panes[0]!.map((count, cell) => count + panes[1]![cell]!)
    const added = neymanSums(basis, panes[0]!).map((part, k) => part + neymanSums(basis, panes[1]!)[k]!)
    const n = sum(together)
    const result = neymanTest(basis, added, n)
    for (const [k, z] of neymanTest(basis, neymanSums(basis, together), n).components.entries()) {
      expect(result.components[k]).toBeCloseTo(z, 10)
    }
    const statistic = result.components.reduce((all, z) => all + z * z, 0)
    expect(result.degreesOfFreedom).toBe(4)
    expect(result.pValue / chiSquareSurvival(statistic, 4)).toBeGreaterThan(0.79)
    expect(result.pValue / chiSquareSurvival(statistic, 4)).toBeLessThan(1.3)
    expect(result.components[0]! / added[0]!).toBeCloseTo(Math.sqrt((n * 900) / (n + 900)) / n, 12)
  })

  it('names the direction: a shift upwards is location, a wider window is scale', () => {
    const basis = neymanBasis(new Array<number>(100).fill(100))
    const shifted = Array.from({ length: 100 }, (_, cell) => (cell < 50 ? 8 : 12))
    const wider = Array.from({ length: 100 }, (_, cell) => (cell < 25 || cell >= 75 ? 12 : 8))
    const z = (window: number[]) => neymanTest(basis, neymanSums(basis, window), sum(window)).components
    const location = NEYMAN_COMPONENTS.indexOf('location')
    const scale = NEYMAN_COMPONENTS.indexOf('scale')
    expect(z(shifted)[location]).toBeGreaterThan(4)
    expect(Math.abs(z(shifted)[scale]!)).toBeLessThan(1)
    expect(z(wider)[scale]).toBeGreaterThan(4)
    expect(Math.abs(z(wider)[location]!)).toBeLessThan(1e-9)
  })

  it('leaves out a component that hangs on a cell too rare for the window', () => {
    const basis = neymanBasis([6000, 3998, 2])
    expect(neymanTest(basis, neymanSums(basis, [120, 79, 1]), 200).degreesOfFreedom).toBe(1)
    expect(neymanTest(basis, neymanSums(basis, [0, 0, 0]), 0).pValue).toBe(1)
  })
})
