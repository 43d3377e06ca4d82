import { compileCategoricalOmnibus } from '../../../src/statistics/categorical-omnibus.ts'
import { compileOmnibus } from '../../../src/statistics/omnibus.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { multinomial } from '../draws/multinomial.ts'
import { type DrawnReference, NULL_WORLDS, type NullWorldName } from '../draws/null-worlds.ts'
import type { NullCell, NullTally } from '../null-rates/null-cell.ts'

/** Draws the cell's windows and counts, for every test and for the p-value that decides, how many alarm. */
export function runNullCell(cell: NullCell<NullWorldName>): NullTally[] {
  const { world, m, windowSizes, references, windowsPerReference, alphas, seed } = cell
  const random = createRandom(seed)
  const tallies = new Map<string, NullTally>()
  for (let reference = 0; reference < references; reference++) {
    const drawn = NULL_WORLDS[world].reference(random, m)
    const law = multinomial(drawn.masses)
    const pValuesOf = testsOf(drawn)
    const counts = new Uint32Array(drawn.counts.length)
    for (const n of windowSizes) {
      const hits = new Map<string, number[]>()
      for (let window = 0; window < windowsPerReference; window++) {
        counts.fill(0)
        law.draw(random, n, counts)
        for (const [test, pValue] of pValuesOf(counts)) {
          const own = hits.get(test) ?? alphas.map(() => 0)
          hits.set(test, own)
          for (let at = 0; at < alphas.length; at++) if (pValue <= alphas[at]!) own[at] = own[at]! + 1
        }
      }
      for (const [test, own] of hits) book(tallies, { n, test, windows: windowsPerReference, hits: own })
    }
  }
  return [...tallies.values()]
}

function book(tallies: Map<string, NullTally>, own: Omit<NullTally, 'squares'>): void {
  const key = `${own.n} ${own.test}`
  const before = tallies.get(key)
  tallies.set(key, {
    ...own,
    windows: own.windows + (before?.windows ?? 0),
    hits: own.hits.map((count, at) => count + (before?.hits[at] ?? 0)),
    squares: own.hits.map((count, at) => count * count + (before?.squares[at] ?? 0)),
  })
}

/** The p-values of a window by test; a test that a window is too small for has none (p 1). */
function testsOf({ kind, counts: reference }: DrawnReference): (counts: Uint32Array) => [string, number][] {
  if (kind === 'categorical') {
    const { evaluate } = compileCategoricalOmnibus(reference)
    return (counts) => {
      const { pValue, chiSquare, maxCell } = evaluate(counts)
      return [
        ['chi-square', chiSquare.pValue],
        ['max-cell', maxCell.pValue],
        ['joint', pValue],
      ]
    }
  }
  const { evaluate } = compileOmnibus(reference)
  return (counts) => {
    const { pValue, neyman, andersonDarling, maxCell } = evaluate(counts)
    return [
      ['neyman', neyman.pValue],
      ['anderson-darling', andersonDarling.pValue ?? 1],
      ['max-cell', maxCell.pValue],
      ['joint', pValue],
    ]
  }
}
