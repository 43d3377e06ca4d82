import { describe, expect, it } from 'vitest'
import { poolCells } from '../../../src/statistics/pool-cells.ts'

const pooled = (window: number[], reference: number[], foldLast: boolean): [number[], number[]] => {
  const cells = poolCells(window, reference, 5, foldLast)
  return [[...cells.window], [...cells.reference]]
}

describe('poolCells', () => {
  it('keeps cells that would get five values of the smaller sample', () => {
    // 100 against 900: a cell needs 50 values of both together.
    expect(pooled([50, 50], [450, 450], true)).toEqual([
      [50, 50],
      [450, 450],
    ])
  })

  it('makes one cell of the thin ones', () => {
    expect(pooled([90, 4, 6], [810, 46, 44], true)).toEqual([
      [90, 4, 6],
      [810, 46, 44],
    ])
    expect(pooled([90, 3, 3, 4], [810, 30, 30, 30], true)).toEqual([
      [90, 10],
      [810, 90],
    ])
  })

  it('folds a thin last cell into the thinnest kept one, or leaves it', () => {
    expect(pooled([60, 39, 1], [500, 398, 2], true)).toEqual([
      [60, 40],
      [500, 400],
    ])
    expect(pooled([60, 39, 1], [500, 398, 2], false)).toEqual([
      [60, 39, 1],
      [500, 398, 2],
    ])
  })

  it('has no last cell where nothing is thin, and keeps everything where all is', () => {
    expect(pooled([50, 50, 0], [500, 400, 0], false)).toEqual([
      [50, 50],
      [500, 400],
    ])
    expect(pooled([1, 1], [2, 1], true)).toEqual([[2], [3]])
    expect(pooled([], [], true)).toEqual([[], []])
  })

  it('pools by the sums of both samples, so that exchanging them pools alike', () => {
    const window = [80, 15, 5]
    const reference = [5, 15, 80]
    const forth = pooled(window, reference, true)
    const back = pooled(reference, window, true)
    expect(back).toEqual([forth[1], forth[0]])
  })
})
