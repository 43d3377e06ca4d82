import { addNumeric, createNumericCounts } from '../../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../../src/sketches/numeric-grid.ts'
import { compileOmnibus } from '../../../src/statistics/omnibus.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { normals } from '../budget/correlated-rows.ts'
import { peerRules, type Rule } from './peer-rules.ts'

/** Clean data: a reference of independent normal features, and windows of the same. */
export interface PeerCell {
  readonly id: string
  readonly n: number
  readonly m: number
  readonly features: number
  readonly windows: number
  /** Levels at which ours judge a feature, by the name of the row. */
  readonly levels: Readonly<Record<string, number>>
  readonly seed: string
}

/** Windows with an alarm on any feature, by rule. */
export type PeerTally = Record<string, number>

export function runPeerCell({ n, m, features, windows, levels, seed }: PeerCell): PeerTally {
  const normal = normals(createRandom(seed))
  const draw = (size: number): Float64Array => Float64Array.from({ length: size }, () => normal())
  const rules = Array.from({ length: features }, (): ReadonlyMap<string, Rule> => {
    const reference = draw(m)
    return new Map([...peerRules(reference, n, features), ...ownRules(reference, levels)])
  })
  const alarms = Object.fromEntries([...rules[0]!.keys()].map((name) => [name, 0]))
  for (let window = 0; window < windows; window++) {
    const alarming = new Set<string>()
    for (const ofFeature of rules) {
      const values = draw(n)
      for (const [name, rule] of ofFeature) {
        if (!alarming.has(name) && rule(values)) alarming.add(name)
      }
    }
    for (const name of alarming) alarms[name]!++
  }
  return alarms
}

/** Significance alone: in production an alarm needs an effect that matters, too. */
function ownRules(reference: Float64Array, levels: Readonly<Record<string, number>>): [string, Rule][] {
  const grid = cutGrid(reference)
  const own = createNumericCounts(grid)
  for (const x of reference) addNumeric(grid, own, x)
  const { screen } = compileOmnibus(own.bins)
  return Object.entries(levels).map(([name, alpha]) => [
    name,
    (values) => {
      const counts = createNumericCounts(grid)
      for (const x of values) addNumeric(grid, counts, x)
      return screen(counts.bins, alpha) !== null
    },
  ])
}
