import { reportLine } from '../report-line.ts'
import type { BudgetTally } from './budget/budget-cell.ts'
import type { DependentCell } from './budget/dependent-cell.ts'
import { describeTally, TALLY_HEADER, tallyEpisodes } from './budget/episode-tally.ts'
import { runSomeCells } from './cells/run-cells.ts'
import type { Check } from './check.ts'
import { markdownTable } from './markdown-table.ts'
import { readRecorded } from './streams/recorded.ts'

interface Stream {
  readonly name: string
  readonly phi: number | null
  /** Null: reported, and held against nothing. */
  readonly goal: number | null
}

const EPISODES_MAX = 1.5
const RECORDED: Stream = { name: 'electricity, weeks shuffled', phi: null, goal: EPISODES_MAX }
const STREAMS: readonly Stream[] = [
  { name: 'AR(1) 0.3, daily cycle', phi: 0.3, goal: EPISODES_MAX },
  { name: 'AR(1) 0.6, daily cycle', phi: 0.6, goal: EPISODES_MAX },
  { name: 'AR(1) 0.9, daily cycle', phi: 0.9, goal: null },
]

const QUICK = { models: 2, panes: 240, streams: STREAMS.slice(1, 2) }
const FULL = { models: 100, panes: 2160, streams: STREAMS }
const REFERENCE_WINDOWS = 60

/**
 * The same as `budget`, where rows hang on the rows before: base windows of a day (a week of the recorded
 * stream), and a reference of 60 of them that knows how they scatter.
 */
export const autocorrelatedCheck: Check = {
  id: 'autocorrelated',
  claim: 'a budget holds where rows hang together, as long as the reference knows how its windows scatter',
  async run(settings) {
    const { quick, scale, seed, data, say } = settings
    const { models: full, panes, streams: drawn } = quick ? QUICK : FULL
    const models = quick ? full : Math.ceil(full * scale)
    const hasRecorded = readRecorded('elec2', data) !== null
    if (!hasRecorded)
      say(`autocorrelated: SKIPPED ${RECORDED.name}: not in ${data ?? 'a folder given by --data'}`)
    const streams = hasRecorded ? [...drawn, RECORDED] : drawn
    const parts = Array.from({ length: models }, (_, model) =>
      streams.map(({ name, phi }): DependentCell => {
        const id = `${name} ${model}`
        return {
          id,
          phi,
          models: 1,
          panes,
          referenceWindows: REFERENCE_WINDOWS,
          data,
          seed: `autocorrelated ${seed} ${id}`,
        }
      }),
    ).flat()
    const outcomes = await runSomeCells<BudgetTally>('autocorrelated', parts, settings)
    const done = outcomes.flatMap((outcome, at) =>
      outcome === null ? [] : [{ ...outcome, cell: parts[at]! }],
    )
    if (done.length < parts.length)
      say(`autocorrelated: ${parts.length - done.length} models were not begun in time`)
    const rows = streams.flatMap(({ name, phi, goal }) => {
      const own = done.filter(({ cell }) => cell.phi === phi)
      if (own.length === 0) return []
      const cpuSeconds = Math.round(own.reduce((sum, outcome) => sum + outcome.cpuSeconds, 0))
      return [{ name, goal, tally: tallyEpisodes(own.flatMap(({ outcome }) => outcome)), cpuSeconds }]
    })
    const isReduced = quick || scale < 1 || done.length < parts.length
    return {
      lines: rows.map(({ name, goal, tally }) =>
        reportLine({
          id: `autocorrelated-${name.replaceAll(/[^a-zA-Z0-9.]+/g, '-')}`,
          measure: `${name}: false episodes a model${isReduced ? ', lower end of the 95 % interval' : ''}`,
          value: isReduced ? tally.lower : tally.mean,
          unit: 'of 1',
          goal: goal === null ? null : `<= ${goal}`,
        }),
      ),
      details: {
        panes,
        referenceWindows: REFERENCE_WINDOWS,
        rows,
        models: done.map(({ cell, outcome, cpuSeconds }) => ({
          id: cell.id,
          episodes: outcome.flat(),
          cpuSeconds,
        })),
      },
      table:
        `False episodes of models that are watched for ${panes} hourly panes (74 weeks of daily ones of the recorded\n` +
        `stream), with a budget of one in that time; asked for: at most ${EPISODES_MAX}, of 0.9 nothing. Gates off: any effect is\n` +
        `enough.${isReduced ? ` Fewer than the ${FULL.models} models a row of the full size: held against the lower end of the interval.` : ''}${hasRecorded ? '' : ' SKIPPED: the recorded stream, which was not there.'}\n\n` +
        markdownTable(
          ['stream', 'models', ...TALLY_HEADER, 's of CPU'],
          rows.map(({ name, tally, cpuSeconds }) => [
            name,
            `${tally.models}`,
            ...describeTally(tally),
            `${cpuSeconds}`,
          ]),
        ),
    }
  },
}
