import { type Counts, requireSameCells, total } from './count-totals.ts'

export interface PooledCells {
  readonly window: Float64Array
  readonly reference: Float64Array
}

/**
 * Pools the cells too thin for a chi-squared law into one last cell.
 *
 * A cell is thin when, its two samples taken together and dealt out again, the smaller sample would get
 * fewer than `expectedMin` values. The rule sees only the sums over both samples, so it cannot be bent by
 * how they differ. The last cell is there even when it is thin itself, and left out when it is empty;
 * with `foldLast` a thin last cell joins the thinnest of the others instead.
 * @throws STATE_IMPOSSIBLE when the arrays differ in length
 */
export function poolCells(
  window: Counts,
  reference: Counts,
  expectedMin: number,
  foldLast: boolean,
): PooledCells {
  requireSameCells(window, reference)
  const n = total(window)
  const m = total(reference)
  const together = (expectedMin * (n + m)) / Math.max(1, Math.min(n, m))
  const kept: [count: number, referenceCount: number][] = []
  let last: [count: number, referenceCount: number] = [0, 0]
  for (let cell = 0; cell < window.length; cell++) {
    const count = window[cell]!
    const referenceCount = reference[cell]!
    if (count + referenceCount >= together) kept.push([count, referenceCount])
    else last = [last[0] + count, last[1] + referenceCount]
  }

  const lastTotal = last[0] + last[1]
  if (foldLast && lastTotal < together && kept.length > 0) {
    const thinnest = kept.reduce((thin, cell) => (cell[0] + cell[1] < thin[0] + thin[1] ? cell : thin))
    thinnest[0] += last[0]
    thinnest[1] += last[1]
  } else if (lastTotal > 0) {
    kept.push(last)
  }
  return {
    window: Float64Array.from(kept, (cell) => cell[0]),
    reference: Float64Array.from(kept, (cell) => cell[1]),
  }
}
