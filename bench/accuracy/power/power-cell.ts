import { addNumeric, createNumericCounts } from '../../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../../src/sketches/numeric-grid.ts'
import { compileOmnibus } from '../../../src/statistics/omnibus.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { standardNormal } from '../../streams/distributions.ts'
import { ALTERNATIVE_NAMES, ALTERNATIVES } from '../draws/alternatives.ts'
import { ksDistance } from './exact-ks.ts'

/** Normal references, and windows of every alternative against each. */
export interface PowerCell {
  readonly id: string
  readonly n: number
  readonly m: number
  readonly references: number
  readonly windowsPerReference: number
  readonly alpha: number
  /** The distance from which the exact Kolmogorov–Smirnov test alarms. */
  readonly ksThreshold: number
  readonly seed: string
}

export const POWER_TESTS = ['exact-ks', 'neyman', 'anderson-darling', 'max-cell', 'joint'] as const
export type PowerTest = (typeof POWER_TESTS)[number]

/** Alarms by alternative, then by test. */
export type PowerTally = Record<string, Record<PowerTest, number>>

/** Draws raw windows; ours see them as counts on the reference's grid, its rival sees every digit. */
export function runPowerCell(cell: PowerCell): PowerTally {
  const { n, m, references, windowsPerReference, alpha, ksThreshold, seed } = cell
  const random = createRandom(seed)
  const tally: PowerTally = Object.fromEntries(
    ALTERNATIVE_NAMES.map((name) => [
      name,
      { 'exact-ks': 0, neyman: 0, 'anderson-darling': 0, 'max-cell': 0, joint: 0 },
    ]),
  )
  for (let number = 0; number < references; number++) {
    const reference = Float64Array.from({ length: m }, () => standardNormal(random))
    const grid = cutGrid(reference)
    const referenceCounts = createNumericCounts(grid)
    for (const x of reference) addNumeric(grid, referenceCounts, x)
    const { evaluate } = compileOmnibus(referenceCounts.bins)
    reference.sort()
    for (const name of ALTERNATIVE_NAMES) {
      const draw = ALTERNATIVES[name]
      const own = tally[name]!
      for (let window = 0; window < windowsPerReference; window++) {
        const values = Float64Array.from({ length: n }, () => draw(random)).sort()
        const counts = createNumericCounts(grid)
        for (const x of values) addNumeric(grid, counts, x)
        const { pValue, neyman, andersonDarling, maxCell } = evaluate(counts.bins)
        if (ksDistance(values, reference) >= ksThreshold - 1e-12) own['exact-ks']++
        if (neyman.pValue <= alpha) own.neyman++
        if ((andersonDarling.pValue ?? 1) <= alpha) own['anderson-darling']++
        if (maxCell.pValue <= alpha) own['max-cell']++
        if (pValue <= alpha) own.joint++
      }
    }
  }
  return tally
}
