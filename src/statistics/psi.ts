import { type Counts, requireSameCells, total } from './count-totals.ts'
import { pearsonChiSquare } from './pearson-chi-square.ts'

export interface StabilityIndex {
  /** Population stability index in nats: the sum of (p - q) ln(p / q). */
  readonly psi: number
  /** `psi` less what samples of these sizes show without any change; 0 where nothing is left. */
  readonly corrected: number
  /** By the delta method; 0 for equal samples, where the index has no first derivative. */
  readonly standardError: number
  /** `psi` in units of 1/n + 1/m: without change a chi-squared value with cells - 1 degrees of freedom. */
  readonly statistic: number
  /** Cells that hold at least one value of either sample. */
  readonly cells: number
  readonly n: number
  readonly m: number
}

export interface PopulationStability extends StabilityIndex {
  /** Of Pearson's chi-squared test on the same cells. */
  readonly pValue: number
}

/**
 * Two-sample population stability index of two count arrays on the same cells.
 *
 * Cells empty in both samples are left out; every other cell gets half a count in each sample, so that an
 * empty cell costs what its sample size makes it worth. With no change PSI ~ (1/n + 1/m) chi²(cells - 1).
 * In the tail that law fails: simulated with about ten values a cell, a nominal 1e-5 comes true 4 times as
 * often. So the index is reported and bounded, and tested by Pearson's chi-squared, which has the same law to
 * first order and a correction that keeps it.
 * An empty sample, or a single cell: psi 0 and p-value 1.
 * Source: Yurdakul, Statistical Properties of Population Stability Index, Western Michigan University, 2018.
 * @throws STATE_IMPOSSIBLE when the arrays differ in length
 */
export function populationStability(window: Counts, reference: Counts): PopulationStability {
  const index = stabilityIndex(window, reference)
  const isCompared = index.n > 0 && index.m > 0 && index.cells > 1
  return { ...index, pValue: isCompared ? pearsonChiSquare(window, reference).pValue : 1 }
}

/** `populationStability` without its test, where another one decides. */
export function stabilityIndex(window: Counts, reference: Counts): StabilityIndex {
  requireSameCells(window, reference)
  const n = total(window)
  const m = total(reference)
  const cells = cellsInUse(window, reference)
  if (n === 0 || m === 0 || cells < 2) {
    return { psi: 0, corrected: 0, standardError: 0, statistic: 0, cells, n, m }
  }

  let psi = 0
  const slope = { mean: 0, square: 0, referenceMean: 0, referenceSquare: 0 }
  for (let cell = 0; cell < window.length; cell++) {
    const count = window[cell]!
    const referenceCount = reference[cell]!
    if (count + referenceCount === 0) continue
    const p = (count + 0.5) / (n + 0.5 * cells)
    const q = (referenceCount + 0.5) / (m + 0.5 * cells)
    const logRatio = Math.log(p / q)
    psi += (p - q) * logRatio
    const byWindow = logRatio + 1 - q / p
    const byReference = 1 - logRatio - p / q
    slope.mean += p * byWindow
    slope.square += p * byWindow * byWindow
    slope.referenceMean += q * byReference
    slope.referenceSquare += q * byReference * byReference
  }

  const scale = 1 / n + 1 / m
  const statistic = psi / scale
  const variance =
    (slope.square - slope.mean ** 2) / n + (slope.referenceSquare - slope.referenceMean ** 2) / m
  return {
    psi,
    corrected: Math.max(0, psi - (cells - 1) * scale),
    standardError: Math.sqrt(Math.max(0, variance)),
    statistic,
    cells,
    n,
    m,
  }
}

function cellsInUse(window: Counts, reference: Counts): number {
  let cells = 0
  for (let cell = 0; cell < window.length; cell++) {
    if (window[cell]! + reference[cell]! > 0) cells++
  }
  return cells
}
