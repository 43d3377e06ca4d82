import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coarsen, sumGroups } from '../../../src/detectors/coarsen.ts'

describe('coarsen', () => {
  it('makes groups of equal mass of equal bins', () => {
    const groups = coarsen(new Array<number>(512).fill(100), 20)
    const masses = [...sumGroups(new Array<number>(512).fill(100), groups)]
    expect(masses).toHaveLength(20)
    expect(Math.max(...masses) - Math.min(...masses)).toBeLessThanOrEqual(200)
  })

  it('keeps an atom whole, and what lies below and above it apart', () => {
    // Nothing below 0, 70 % at 0, nothing between, 30 % at 1, nothing above.
    expect([...coarsen([0, 70, 0, 30, 0], 20)]).toEqual([0, 1, 2, 3, 4])
    // A constant: the bins around it are where it goes when it changes.
    expect([...coarsen([0, 500, 0], 20)]).toEqual([0, 1, 2])
  })

  it('puts everything into one group where it has nothing to go by', () => {
    expect([...coarsen([0, 0, 0], 20)]).toEqual([0, 0, 0])
    expect([...coarsen([], 20)]).toEqual([])
  })

  it('makes at most the groups asked for, in order, and loses no value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.nat(10), fc.nat(100_000)), { maxLength: 600 }),
        fc.integer({ min: 1, max: 30 }),
        (bins, groupsMax) => {
          const groups = coarsen(bins, groupsMax)
          expect(new Set(groups).size).toBeLessThanOrEqual(groupsMax)
          for (let bin = 1; bin < groups.length; bin++)
            expect([0, 1]).toContain(groups[bin]! - groups[bin - 1]!)
          const sums = sumGroups(bins, groups)
          expect(sums.reduce((a, b) => a + b, 0)).toBe(bins.reduce((a, b) => a + b, 0))
        },
      ),
    )
  })
})

describe('sumGroups', () => {
  it('refuses counts of another grid', () => {
    expect(() => sumGroups([1, 2, 3], coarsen([1, 2], 20))).toThrow('expected counts on 2 bins, got 3')
  })
})
