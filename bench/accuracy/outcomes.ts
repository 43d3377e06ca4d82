import { type ReportLine, reportLine } from '../report-line.ts'
import { runCells } from './cells/run-cells.ts'
import type { Check, CheckSettings } from './check.ts'
import { markdownTable } from './markdown-table.ts'
import type { NullCell, NullTally } from './null-rates/null-cell.ts'
import { type NullRate, ratesOf, rateTable } from './null-rates/rates.ts'
import { OUTCOME_WORLD_NAMES, type OutcomeWorldName } from './outcomes/outcome-worlds.ts'
import type { WatchCell, WatchTally } from './outcomes/watch-cell.ts'

interface Size {
  readonly referenceSizes: readonly number[]
  /** Of each size and world; every part has as many as threads share out at once. */
  readonly references: number
  readonly referencesPerPart: number
  readonly windowsPerReference: number
  readonly alphas: readonly number[]
  /** Streams of each world and reference size that e-detectors watch. */
  readonly streams: number
  readonly panes: number
}

const WINDOW_SIZES = [200, 1000, 10_000]
const QUICK: Size = {
  referenceSizes: [1000, 10_000],
  references: 40,
  referencesPerPart: 40,
  windowsPerReference: 10,
  alphas: [0.05, 0.01],
  streams: 10,
  panes: 100,
}
const FULL: Size = {
  referenceSizes: [1000, 10_000, 100_000],
  references: 1000,
  referencesPerPart: 100,
  windowsPerReference: 20,
  alphas: [0.05, 0.01, 0.001],
  streams: 300,
  panes: 200,
}

/** Standard errors granted: a hundred and fifty rates are held against one bound, and rare ones are rarely seen. */
const GRANTED = 4
/** Promised of each watched stream. */
const FALSE_ALARMS = 0.5
const OUTCOMES_PER_PANE = 200

interface Watched extends WatchTally {
  readonly world: OutcomeWorldName
  readonly m: number
  /** Alarms a stream over those promised. */
  readonly ratio: number
  readonly standardError: number
}

/**
 * How often each test of outcomes that decides alarms where nothing changes, over how often it says it does;
 * and how many alarms e-detectors raise, over the promised. Conservative is allowed, and shown.
 */
export const outcomesCheck: Check = {
  id: 'outcomes',
  claim: 'tests of outcomes and labels alarm by chance no more often than they say',
  async run(settings) {
    const size = settings.quick ? QUICK : FULL
    const parts = partsOf(size, settings)
    const tested = await runCells<NullTally[]>('outcomes', parts, settings)
    const rates = ratesOf(
      parts,
      tested.map(({ outcome }) => outcome),
      { worlds: OUTCOME_WORLD_NAMES, sizes: size.referenceSizes, alphas: size.alphas },
    )
    const cells = watchCells(size, settings)
    const seen = await runCells<WatchTally>('outcome-watch', cells, settings)
    const watched = seen.map(({ outcome }, at) => watchedOf(cells[at]!, outcome))
    const cpuSeconds = Math.round([...tested, ...seen].reduce((sum, part) => sum + part.cpuSeconds, 0))
    settings.say(`outcomes: ${rates[0]?.windows} windows a row, ${cpuSeconds} s of CPU`)
    return {
      lines: [...testLines(rates, size.alphas), watchLine(watched)],
      details: { ...size, cpuSeconds, rates, watched },
      table: tableOf(rates, watched, size.alphas, cpuSeconds),
    }
  },
}

function partsOf(size: Size, { seed, quick, scale }: CheckSettings): NullCell<OutcomeWorldName>[] {
  const { references, referencesPerPart, windowsPerReference, alphas, referenceSizes } = size
  const parts = Math.ceil(((quick ? 1 : scale) * references) / referencesPerPart)
  return OUTCOME_WORLD_NAMES.flatMap((world) =>
    referenceSizes.flatMap((m) =>
      Array.from({ length: parts }, (_, part): NullCell<OutcomeWorldName> => {
        const id = `${world} ${m} ${part}`
        return {
          id,
          world,
          m,
          windowSizes: WINDOW_SIZES,
          references: referencesPerPart,
          windowsPerReference,
          alphas,
          seed: `outcomes ${seed} ${id}`,
        }
      }),
    ),
  )
}

function watchCells({ referenceSizes, streams, panes }: Size, settings: CheckSettings): WatchCell[] {
  const { seed, quick, scale } = settings
  return OUTCOME_WORLD_NAMES.flatMap((world) =>
    referenceSizes.map((m): WatchCell => {
      const id = `${world} ${m}`
      return {
        id,
        world,
        m,
        outcomesPerPane: OUTCOMES_PER_PANE,
        panes,
        streams: Math.ceil((quick ? 1 : scale) * streams),
        falseAlarms: FALSE_ALARMS,
        seed: `outcome-watch ${seed} ${id}`,
      }
    }),
  )
}

function watchedOf({ world, m }: WatchCell, tally: WatchTally): Watched {
  const mean = tally.alarms / tally.streams
  const variance = Math.max(0, tally.squares / tally.streams - mean ** 2)
  // No alarm at all is known no better than one in all streams.
  const standardError = Math.max(Math.sqrt(variance / tally.streams), 1 / tally.streams)
  return { ...tally, world, m, ratio: mean / FALSE_ALARMS, standardError: standardError / FALSE_ALARMS }
}

function testLines(rates: readonly NullRate[], alphas: readonly number[]): ReportLine[] {
  const tests = [...new Set(rates.map(({ test }) => test))]
  return tests.flatMap((test) =>
    alphas.map((alpha) => {
      const own = rates.filter((rate) => rate.test === test && rate.alpha === alpha)
      return reportLine({
        id: `outcomes-${test}-${alpha}-highest`,
        measure: `${test}: highest rate of false alarms over ${alpha}, less ${GRANTED} standard errors`,
        value: Math.max(...own.map(({ ratio, standardError }) => ratio - GRANTED * standardError)),
        unit: 'ratio',
        goal: '<= 1.25',
      })
    }),
  )
}

function watchLine(watched: readonly Watched[]): ReportLine {
  return reportLine({
    id: 'outcomes-e-detector-highest',
    measure: `e-detector: most false alarms a stream over the promised, less ${GRANTED} standard errors`,
    value: Math.max(...watched.map(({ ratio, standardError }) => ratio - GRANTED * standardError)),
    unit: 'ratio',
    goal: '<= 1',
  })
}

function tableOf(
  rates: readonly NullRate[],
  watched: readonly Watched[],
  alphas: readonly number[],
  cpuSeconds: number,
): string {
  const streams = watched.map(({ world, m, streams: count, alarmed, alarms, ratio, standardError }) => [
    world,
    `${m}`,
    `${count}`,
    `${alarmed}`,
    `${alarms}`,
    `${ratio.toFixed(2)} ± ${standardError.toFixed(2)}`,
  ])
  return (
    'Rate of false alarms over the rate named, with its standard error (windows against one reference taken as\n' +
    'one draw). Metrics are judged on a worsening alone, so half is what to expect of them. Asked for: at most\n' +
    `1.25, ${GRANTED} standard errors granted. ${cpuSeconds} s of CPU.\n\n${rateTable(rates, alphas)}\n\n` +
    `E-detectors: alarms over the ${FALSE_ALARMS} promised a stream, at most 1 asked for.\n\n` +
    markdownTable(['world', 'm', 'streams', 'with an alarm', 'alarms', 'over the promised'], streams)
  )
}
