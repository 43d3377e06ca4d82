import { type ReportLine, reportLine } from '../report-line.ts'
import {
  ESTIMATED_WORLD_NAMES,
  ESTIMATED_WORLDS,
  type EstimateCell,
  type EstimatedWorld,
  type EstimateTally,
} from './cbpe/estimate-cell.ts'
import { runCells } from './cells/run-cells.ts'
import type { Check } from './check.ts'
import { markdownTable } from './markdown-table.ts'

const QUICK = { sizes: [{ n: 2000, m: 10_000 }], windows: 200 }
const FULL = {
  sizes: [
    { n: 1000, m: 10_000 },
    { n: 10_000, m: 10_000 },
    { n: 1000, m: 100_000 },
    { n: 10_000, m: 100_000 },
  ],
  windows: 1000,
}
const WINDOWS_PER_PART = 100

/** What a normal law has within two standard errors. */
const WITHIN = 0.9545
/** Standard errors of the share of windows that are granted. */
const GRANTED = 4

/**
 * Accuracy estimated from scores alone, beside the labels that came later: inputs that move while labels
 * follow them as before, and labels that no longer do, which no estimate without labels can see.
 */
export const cbpeCheck: Check = {
  id: 'cbpe',
  claim:
    'performance estimated without labels is right within its error when inputs move, and blind when labels do',
  async run(settings) {
    const { sizes, windows: full } = settings.quick ? QUICK : FULL
    const windows = settings.quick
      ? full
      : Math.ceil((full * settings.scale) / WINDOWS_PER_PART) * WINDOWS_PER_PART
    const parts = sizes.flatMap(({ n, m }) =>
      ESTIMATED_WORLD_NAMES.flatMap((world) =>
        Array.from({ length: windows / WINDOWS_PER_PART }, (_, part): EstimateCell => {
          const id = `${world} ${n} ${m} ${part}`
          return { id, world, n, m, windows: WINDOWS_PER_PART, seed: `cbpe ${settings.seed} ${id}` }
        }),
      ),
    )
    const outcomes = await runCells<EstimateTally>('cbpe', parts, settings)
    const rows = sizes.flatMap(({ n, m }) =>
      ESTIMATED_WORLD_NAMES.map((world) => {
        const own = outcomes.filter((_, at) => {
          const part = parts[at]!
          return part.world === world && part.n === n && part.m === m
        })
        return { world, n, m, ...meansOf(own.map(({ outcome }) => outcome)) }
      }),
    )
    const cpuSeconds = Math.round(outcomes.reduce((sum, outcome) => sum + outcome.cpuSeconds, 0))
    return {
      lines: rows.map((row) => lineOf(row, windows)),
      details: { windows, cpuSeconds, rows },
      table:
        `${windows} windows a row, each against a reference of its own; ${cpuSeconds} s of CPU. Within two standard errors a normal\n` +
        'law has 95.4 %. Labels that are wrong are what an estimate without labels cannot see.\n\n' +
        markdownTable(
          [
            'world',
            'n',
            'm',
            'accuracy',
            'estimate',
            'error (RMS)',
            'standard error',
            'within two',
            'AUC off by',
            'F1 off by',
          ],
          rows.map((row) => [
            row.world,
            `${row.n}`,
            `${row.m}`,
            row.accuracy.toFixed(4),
            row.estimate.toFixed(4),
            row.error.toFixed(4),
            row.standardError.toFixed(4),
            `${(100 * row.within).toFixed(1)} %`,
            row.aucError.toFixed(4),
            row.f1Error.toFixed(4),
          ]),
        ),
    }
  },
}

interface Row extends ReturnType<typeof meansOf> {
  readonly world: EstimatedWorld
  readonly n: number
  readonly m: number
}

function meansOf(tallies: readonly EstimateTally[]) {
  const sum = (of: (tally: EstimateTally) => number): number =>
    tallies.reduce((all, tally) => all + of(tally), 0)
  const windows = sum((tally) => tally.windows)
  return {
    within: sum((tally) => tally.within) / windows,
    accuracy: sum((tally) => tally.accuracy) / windows,
    estimate: sum((tally) => tally.estimate) / windows,
    error: Math.sqrt(sum((tally) => tally.squaredErrors) / windows),
    standardError: Math.sqrt(sum((tally) => tally.squaredStandardErrors) / windows),
    aucError: sum((tally) => tally.aucError) / windows,
    f1Error: sum((tally) => tally.f1Error) / windows,
  }
}

function lineOf({ world, n, m, within }: Row, windows: number): ReportLine {
  const isSeen = ESTIMATED_WORLDS[world].kind === 'covariate'
  const margin = GRANTED * Math.sqrt((WITHIN * (1 - WITHIN)) / windows)
  return reportLine({
    id: `cbpe-${world.replaceAll(/[^a-z0-9]+/g, '-')}-${n}-${m}`,
    measure: `${world}, n ${n}, m ${m}: windows within two standard errors${isSeen ? '' : ' (a miss, as documented)'}`,
    value: within,
    unit: 'share',
    goal: isSeen ? `>= ${(WITHIN - margin).toFixed(4)}` : '<= 0.5',
  })
}
