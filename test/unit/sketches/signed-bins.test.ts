import { describe, expect, it } from 'vitest'
import { foldedBins, SIGNED_BINS, signedBin, signedBinEnds } from '../../../src/sketches/signed-bins.ts'

const MIDDLE = (SIGNED_BINS - 1) / 2

describe('signedBin', () => {
  it.each([1e-7, -1e-7, 0.999, 1, 1.03, -2, 3.3, 1e6, -4e9])('holds %d between its ends', (value) => {
    const { lower, upper } = signedBinEnds(signedBin(value))
    expect(value > 0 ? lower <= value && value < upper : lower < value && value <= upper).toBe(true)
    const middle = (lower + upper) / 2
    expect(Math.abs(middle / value - 1)).toBeLessThanOrEqual(1 / 31)
  })

  it('has one bin for what is next to nothing', () => {
    expect([0, -0, 5e-324, -5e-8, 2 ** -24 - 1e-16].map(signedBin)).toEqual(Array(5).fill(MIDDLE))
    expect(signedBin(2 ** -24)).toBe(MIDDLE + 1)
    expect(signedBinEnds(MIDDLE)).toEqual({ lower: -(2 ** -24), upper: 2 ** -24 })
  })

  it('puts what is beyond its ends into the last bins', () => {
    expect([2 ** 32, 1e300, Number.POSITIVE_INFINITY].map(signedBin)).toEqual(Array(3).fill(SIGNED_BINS - 1))
    expect(signedBin(-1e300)).toBe(0)
  })

  it('rises with the value, 16 bins an octave', () => {
    const bins = Array.from({ length: 33 }, (_, step) => signedBin(-2 + step / 8))
    expect(bins).toEqual(bins.toSorted((a, b) => a - b))
    expect(signedBin(2) - signedBin(1)).toBe(16)
  })
})

describe('foldedBins', () => {
  it('adds both signs of a magnitude', () => {
    const cells = new Uint32Array(SIGNED_BINS)
    for (const value of [-3, 3, 0]) cells[signedBin(value)]!++
    const folded = foldedBins(cells)
    expect([folded[signedBin(3)], folded[signedBin(-3)], folded[MIDDLE]]).toEqual([2, 0, 1])
  })
})
