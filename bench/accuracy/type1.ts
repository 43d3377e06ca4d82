import { type ReportLine, reportLine } from '../report-line.ts'
import { runCells } from './cells/run-cells.ts'
import type { Check, CheckSettings } from './check.ts'
import { NULL_WORLD_NAMES, type NullWorldName } from './draws/null-worlds.ts'
import type { NullCell, NullTally } from './null-rates/null-cell.ts'
import { type NullRate, ratesOf, rateTable } from './null-rates/rates.ts'

interface Size {
  readonly references: readonly {
    readonly m: number
    readonly references: number
    /** The larger the reference, the less of a window's error is its own, and the more it costs to make. */
    readonly windowsPerReference: number
  }[]
  /** Windows a part: parts are what threads share out and checkpoints keep. */
  readonly windowsPerPart: number
  readonly alphas: readonly number[]
}

const WINDOW_SIZES = [200, 1000, 10_000]
const QUICK: Size = {
  references: [{ m: 10_000, references: 40, windowsPerReference: 50 }],
  windowsPerPart: 1000,
  alphas: [0.05, 0.01],
}
const FULL: Size = {
  references: [
    { m: 10_000, references: 5000, windowsPerReference: 200 },
    { m: 100_000, references: 1000, windowsPerReference: 1000 },
  ],
  windowsPerPart: 10_000,
  alphas: [0.05, 0.01, 0.001, 0.0001],
}

/** Counts are whole: the exact tail of one cell may come true less often than named, never more. */
const CONSERVATIVE: ReadonlySet<string> = new Set(['max-cell'])

/** Standard errors granted where fewer windows than a million are drawn: 200 rates are held against a bound. */
const GRANTED = 4

/**
 * How often each test, and the joint p-value that decides, alarms in worlds that never change, over how often
 * it says it does. Windows are multinomial counts on the grid of a reference sample, edges cut and counted on
 * the same sample, as in production; every reference judges some windows of each size.
 */
export const type1Check: Check = {
  id: 'type1',
  claim: 'tests alarm by chance as often as they say',
  async run(settings) {
    const size = settings.quick ? QUICK : FULL
    const parts = partsOf(size, settings)
    const outcomes = await runCells<NullTally[]>('type1', parts, settings)
    const rates = ratesOf(
      parts,
      outcomes.map(({ outcome }) => outcome),
      { worlds: NULL_WORLD_NAMES, sizes: size.references.map(({ m }) => m), alphas: size.alphas },
    )
    const cpuSeconds = Math.round(outcomes.reduce((sum, outcome) => sum + outcome.cpuSeconds, 0))
    const granted = settings.quick || settings.scale < 1 ? GRANTED : 0
    settings.say(`type1: ${rates[0]?.windows} windows a row, ${cpuSeconds} s of CPU`)
    return {
      lines: linesOf(rates, size.alphas, granted),
      details: { ...size, cpuSeconds, rates },
      table: tableOf(rates, size.alphas, cpuSeconds, granted),
    }
  },
}

function partsOf(
  { references, windowsPerPart, alphas }: Size,
  { seed, quick, scale }: CheckSettings,
): NullCell<NullWorldName>[] {
  return references.flatMap(({ m, references: full, windowsPerReference }) =>
    NULL_WORLD_NAMES.flatMap((world) => {
      const perPart = windowsPerPart / windowsPerReference
      const parts = Math.ceil(((quick ? 1 : scale) * full) / perPart)
      return Array.from({ length: parts }, (_, part): NullCell<NullWorldName> => {
        const id = `${world} ${m} ${part}`
        return {
          id,
          world,
          m,
          windowSizes: WINDOW_SIZES,
          references: perPart,
          windowsPerReference,
          alphas,
          seed: `type1 ${seed} ${id}`,
        }
      })
    }),
  )
}

function linesOf(rates: readonly NullRate[], alphas: readonly number[], granted: number): ReportLine[] {
  const tests = [...new Set(rates.map(({ test }) => test))]
  const error = (sign: string): string => (granted === 0 ? '' : `, ${sign} ${granted} standard errors`)
  return tests.flatMap((test) =>
    alphas.flatMap((alpha) => {
      const own = rates.filter((rate) => rate.test === test && rate.alpha === alpha)
      const line = (side: string, value: number, goal: string | null): ReportLine =>
        reportLine({
          id: `type1-${test}-${alpha}-${side}`,
          measure: `${test}: ${side} rate of false alarms over ${alpha}${error(side === 'highest' ? 'less' : 'plus')}`,
          value,
          unit: 'ratio',
          goal,
        })
      const highest = Math.max(...own.map(({ ratio, standardError }) => ratio - granted * standardError))
      const lowest = Math.min(...own.map(({ ratio, standardError }) => ratio + granted * standardError))
      const isRare = alpha < 0.001
      return [
        line('highest', highest, isRare ? '<= 1.5' : '<= 1.25'),
        line('lowest', lowest, isRare || CONSERVATIVE.has(test) ? null : '>= 0.8'),
      ]
    }),
  )
}

function tableOf(
  rates: readonly NullRate[],
  alphas: readonly number[],
  cpuSeconds: number,
  granted: number,
): string {
  const fewer = granted === 0 ? '' : `, ${granted} standard errors granted since fewer windows were drawn`
  return (
    'Rate of false alarms over the rate named, with its standard error (windows against one reference taken as\n' +
    'one draw). `joint` is the p-value that decides. Asked for: 0.8 to 1.25 at 0.05, 0.01 and 0.001, at most\n' +
    `1.5 at 0.0001; of \`max-cell\`, which counts whole values, the upper bounds alone${fewer}.\n` +
    `${cpuSeconds} s of CPU.\n\n${rateTable(rates, alphas)}`
  )
}
