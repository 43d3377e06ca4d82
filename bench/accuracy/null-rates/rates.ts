import { markdownTable } from '../markdown-table.ts'
import type { NullCell, NullTally } from './null-cell.ts'
import { mergeTallies, rateOver } from './rate-over.ts'

/** One rate of false alarms, as a multiple of what it is called. */
export interface NullRate {
  readonly world: string
  readonly m: number
  readonly n: number
  readonly test: string
  readonly alpha: number
  readonly windows: number
  /** Observed over nominal. */
  readonly ratio: number
  /** Of the ratio; windows against one reference are taken as one draw. */
  readonly standardError: number
}

/** The rates of every world, reference size, test and alpha, in this order, from the tallies of all parts. */
export function ratesOf<World extends string>(
  parts: readonly NullCell<World>[],
  tallies: readonly (readonly NullTally[])[],
  over: {
    readonly worlds: readonly World[]
    readonly sizes: readonly number[]
    readonly alphas: readonly number[]
  },
): NullRate[] {
  return over.worlds.flatMap((world) =>
    over.sizes.flatMap((m) => {
      const own = parts.flatMap((part, at) => (part.world === world && part.m === m ? [at] : []))
      const references = own.reduce((sum, at) => sum + parts[at]!.references, 0)
      return mergeTallies(own.flatMap((at) => tallies[at]!)).flatMap((tally) =>
        over.alphas.map((alpha, at): NullRate => {
          const { n, test, windows } = tally
          return { world, m, n, test, alpha, windows, ...rateOver(tally, at, alpha, references) }
        }),
      )
    }),
  )
}

/** A row for every world, size and test, a column for every alpha. */
export function rateTable(rates: readonly NullRate[], alphas: readonly number[]): string {
  const key = ({ world, m, n, test }: NullRate): string => [world, m, n, test].join(' ')
  const rows = [...Map.groupBy(rates, key).values()].map((same) => {
    const { world, m, n, test, windows } = same[0]!
    const cells = alphas.map((alpha) => {
      const { ratio, standardError } = same.find((rate) => rate.alpha === alpha)!
      return `${ratio.toFixed(2)} ± ${standardError.toFixed(2)}`
    })
    return [world, `${m}`, `${n}`, test, `${windows}`, ...cells]
  })
  return markdownTable(['world', 'm', 'n', 'test', 'windows', ...alphas.map((alpha) => `at ${alpha}`)], rows)
}
