import { runCells } from './cells/run-cells.ts'
import type { Check, CheckSettings } from './check.ts'
import { COMPETITORS, PANE } from './delay/competitors.ts'
import {
  type OutcomeDelayCell,
  type OutcomeDelaySize,
  RECORDED_STREAMS,
  type Standing as Result,
} from './delay/outcome-cell.ts'
import { recordedRows } from './delay/recorded-episodes.ts'
import { linesOf, type Standing, tableOf } from './delay/standings.ts'

const QUICK: OutcomeDelaySize = { falseAlarmEvery: 10_000, quietPlays: 8, quietOutcomes: 20_000, plays: 10 }
const FULL: OutcomeDelaySize = { falseAlarmEvery: 20_000, quietPlays: 40, quietOutcomes: 20_000, plays: 100 }

const OURS = 'driftstream'

/** Takes longest by far, so it begins first. */
const SLOWEST = 'kswin'

/**
 * Delay at equal mean time between false alarms, on the 0/1 errors of fixed models.
 *
 * Each detector's one number is tuned by bisection on quiet streams (waveform, RBF, LED), all to the same
 * mean time, and then scored on other streams (SEA, Sine, STAGGER, Agrawal, hyperplane), where a story's
 * first alarm after the change counts if it comes in time. All see the same outcomes, reference included;
 * ours see them a pane of 20 at a time.
 */
export const delayCheck: Check = {
  id: 'delay',
  claim: 'lower mean delay than the detectors of the field at equal mean time between false alarms',
  async run(settings) {
    const size = sizeOf(settings)
    const data = sayWhatIsMissing(settings) ? null : settings.data
    const cells = COMPETITORS.map(({ name }): OutcomeDelayCell => {
      return { id: name, competitor: name, ...size, seed: `${settings.seed}`, data }
    }).sort((a, b) => Number(b.competitor === SLOWEST) - Number(a.competitor === SLOWEST))
    const outcomes = await runCells<Result>('delay', cells, settings)
    const standings = COMPETITORS.map(({ name, isRival, tuned: dial }): Standing => {
      const { outcome, cpuSeconds } = outcomes[cells.findIndex(({ competitor }) => competitor === name)]!
      return {
        name,
        isRival,
        dial,
        tuned: [{ ...outcome.tuned, on: 'quiet' }],
        scores: outcome.scores.map((score) => ({ ...score, isJudged: true })),
        cpuSeconds,
      }
    })
    const ours = standings.find(({ name }) => name === OURS)!
    return {
      lines: linesOf('delay', ours, standings, 'outcomes'),
      details: { size, pane: PANE, detectors: standings },
      table:
        `Outcomes from the change to the first alarm, a miss as the longest allowed; ${size.plays} plays a story. All\n` +
        `tuned to one false alarm in ${size.falseAlarmEvery} outcomes on other streams, ${3 * size.quietPlays} of ${size.quietOutcomes} outcomes.` +
        `${data === null ? ' SKIPPED: recorded streams, which were not there.' : ''}\n\n${tableOf(standings)}`,
    }
  },
}

function sizeOf({ quick, scale }: CheckSettings): OutcomeDelaySize {
  if (quick) return QUICK
  const { quietPlays, plays } = FULL
  return { ...FULL, quietPlays: Math.ceil(quietPlays * scale), plays: Math.ceil(plays * scale) }
}

/** Says aloud which recorded streams are not there; true where none is. */
function sayWhatIsMissing({ data, say }: CheckSettings): boolean {
  const missing = RECORDED_STREAMS.filter((name) => recordedRows(name, data) === null)
  for (const name of missing) {
    say(`delay: SKIPPED the recorded stream ${name}: not in ${data ?? 'a folder given by --data'}`)
  }
  return missing.length === RECORDED_STREAMS.length
}
