import { describe, expect, it } from 'vitest'
import {
  addPairs,
  addSamples,
  createDifferenceEvidence,
  DIFFERENCE_MAX,
  differenceBounds,
  logEvidenceAbove,
  logEvidenceBelow,
} from '../../../src/statistics/difference-evidence.ts'

/** n values of 0 and 1 of which `ones` are 1. */
const zerosAndOnes = (ones: number, n: number) => ({ sum: ones, squares: ones, n })

describe('evidence of a difference', () => {
  it('is none before anything is seen, and bounds nothing', () => {
    const none = createDifferenceEvidence()
    expect(logEvidenceAbove(none, 0)).toBeCloseTo(0, 12)
    expect(logEvidenceBelow(none, 0.1)).toBeCloseTo(0, 12)
    expect(differenceBounds(none, 0.05)).toEqual({ lower: null, upper: null })
  })

  it('of pairs is worked out by hand for one stake that matters', () => {
    const evidence = createDifferenceEvidence()
    // 400 pairs: the second is wrong alone on 60, the first alone on 20.
    addPairs(evidence, { sum: 40, squares: 80, n: 400 })
    const most = 0.32 * 1.2
    const cost = (-Math.log1p(-most) - most) / most ** 2
    const byHand = 0.32 * 40 - cost * 0.32 ** 2 * 80
    // The mixture of eight lies within ln 8 below its best member.
    expect(logEvidenceAbove(evidence, 0)).toBeGreaterThan(byHand - Math.log(8))
    expect(logEvidenceAbove(evidence, 0)).toBeLessThan(byHand + 0.5)
    expect(logEvidenceBelow(evidence, 0)).toBeLessThan(0)
  })

  it('of two samples does not change with what both have in common', () => {
    const evidence = createDifferenceEvidence()
    addSamples(evidence, zerosAndOnes(300, 900), zerosAndOnes(40, 100), 1 / 3)
    // Weighted by the other's share: 0.9 * 40 - 0.1 * 300, over 900 * 100 / 1000.
    expect(evidence.rise).toBeCloseTo(6, 12)
    expect(evidence.weight).toBeCloseTo(90, 12)
    expect(evidence.rise / evidence.weight).toBeCloseTo(0.4 - 1 / 3, 12)
  })

  it('of a block that lacks one of the two is none', () => {
    const evidence = createDifferenceEvidence()
    addSamples(evidence, zerosAndOnes(0, 0), zerosAndOnes(9, 9), 0.5)
    addSamples(evidence, zerosAndOnes(9, 9), zerosAndOnes(0, 0), 0.5)
    expect(evidence).toEqual(createDifferenceEvidence())
  })

  it('narrows its bounds around the difference as pairs come', () => {
    const evidence = createDifferenceEvidence()
    let width = Number.POSITIVE_INFINITY
    for (let block = 0; block < 6; block++) {
      addPairs(evidence, { sum: -50, squares: 120, n: 1000 })
      if (block % 2 === 0) continue
      const { lower, upper } = differenceBounds(evidence, 0.05)
      expect(lower!).toBeLessThan(-0.05)
      expect(upper!).toBeGreaterThan(-0.05)
      expect(upper! - lower!).toBeLessThan(width)
      width = upper! - lower!
    }
    expect(width).toBeLessThan(0.05)
  })

  it('says nothing beyond what it was made for', () => {
    expect(() => logEvidenceAbove(createDifferenceEvidence(), DIFFERENCE_MAX + 0.01)).toThrow('at most 0.2')
    const evidence = createDifferenceEvidence()
    addPairs(evidence, { sum: 900, squares: 900, n: 1000 })
    expect(differenceBounds(evidence, 0.05)).toEqual({ lower: DIFFERENCE_MAX, upper: null })
  })
})
