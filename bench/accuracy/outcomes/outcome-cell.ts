import { compileNumeric } from '../../../src/detectors/compiled-distribution.ts'
import { judgeLabelCoverage } from '../../../src/detectors/label-coverage.ts'
import { judgeLabelDelay } from '../../../src/detectors/label-delay.ts'
import { judgeLabelDrift } from '../../../src/detectors/label-drift.ts'
import { DETECTION_DEFAULTS, type TestOptions } from '../../../src/detectors/options.ts'
import { judgePerformance } from '../../../src/detectors/performance.ts'
import { judgeScoreDrift, scoreCells } from '../../../src/detectors/score-drift.ts'
import type { Finding } from '../../../src/events/finding.ts'
import { delayCellEnds, delayCellsWithin } from '../../../src/sketches/label-delays.ts'
import type { PerformanceCounts } from '../../../src/sketches/types.ts'
import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { multinomial } from '../draws/multinomial.ts'
import type { NullCell, NullTally } from '../null-rates/null-cell.ts'
import { type OutcomeWorldName, outcomeWorld } from './outcome-worlds.ts'

/** Tests of outcomes that may alarm by themselves; what is only reported beside them is left out. */
const DECIDING: ReadonlySet<string> = new Set([
  'auc',
  'accuracy',
  'log-loss',
  'brier',
  'mae',
  'rmse',
  'positive-rate',
  'label-mean',
  'psi',
  'omnibus',
  'coverage',
  'median-delay',
  'p90-delay',
])

const HOUR_MS = 3_600_000
/** A third of the labels come later than they are waited for. */
const MEAN_DELAY_MS = HOUR_MS
const WAITED_CELLS = delayCellsWithin(HOUR_MS)
const COVERAGE = 0.9

/** Counts how often each deciding test of outcomes has a p-value of at most each alpha where nothing changes. */
export function runOutcomeCell(cell: NullCell<OutcomeWorldName>): NullTally[] {
  const { m, windowSizes, references, windowsPerReference, alphas } = cell
  const random = createRandom(cell.seed)
  const world = outcomeWorld(cell.world)
  const arrival = arrivals()
  const options: TestOptions = { ...DETECTION_DEFAULTS, alpha: alphas[0]! }
  const tallies = new Map<string, NullTally>()
  for (let reference = 0; reference < references; reference++) {
    const known = world(random, m)
    const judge = judging(known, options)
    const labelled = arrival.of(random, m)
    for (const n of windowSizes) {
      const hits = new Map<string, number[]>()
      for (let window = 0; window < windowsPerReference; window++) {
        const findings = judge(world(random, n))
        // How labels arrive has nothing to do with what they say: one world is enough.
        const ofArrival =
          cell.world === 'balanced' ? arrival.judge(arrival.of(random, n), labelled, options) : []
        for (const { statistic, pValue } of [...findings, ...ofArrival]) {
          if (!DECIDING.has(statistic)) continue
          const own = hits.get(statistic) ?? alphas.map(() => 0)
          hits.set(statistic, own)
          // A test that a window is too small for has no p-value, and alarms as little.
          alphas.forEach((alpha, at) => {
            if ((pValue ?? 1) <= alpha) own[at] = own[at]! + 1
          })
        }
      }
      for (const [test, own] of hits) book(tallies, n, test, windowsPerReference, own)
    }
  }
  return [...tallies.values()]
}

function judging(known: PerformanceCounts, options: TestOptions): (window: PerformanceCounts) => Finding[] {
  const score = known.scores.length === 0 ? null : compileNumeric(scoreCells(known))
  return (window) => [
    ...judgePerformance(known, window, options),
    ...judgeLabelDrift(known, window, options),
    ...(score === null ? [] : [judgeScoreDrift(score, window, 1, options)]),
  ]
}

interface Arrival {
  readonly predictions: number
  readonly labelled: number
  readonly delays: Float64Array
}

/** Labels that come after exponential times, if they come; those in time, and their delays. */
function arrivals() {
  const after = (ms: number): number => Math.exp(-ms / MEAN_DELAY_MS)
  const masses = Array.from({ length: WAITED_CELLS }, (_, at) => {
    const { lower, upper } = delayCellEnds(at)
    return COVERAGE * (after(lower) - after(upper))
  })
  const waited = masses.reduce((sum, mass) => sum + mass, 0)
  const law = multinomial([...masses, 1 - waited])
  return {
    of(random: Random, predictions: number): Arrival {
      const drawn = new Uint32Array(WAITED_CELLS + 1)
      law.draw(random, predictions, drawn)
      return {
        predictions,
        labelled: predictions - drawn.at(-1)!,
        delays: Float64Array.from(drawn.subarray(0, WAITED_CELLS)),
      }
    },
    judge(now: Arrival, before: Arrival, options: TestOptions): Finding[] {
      return [
        ...judgeLabelCoverage(now, before, options),
        ...judgeLabelDelay(
          now.delays,
          { cells: before.delays, scatter: null, name: 'in the time before' },
          options,
        ),
      ]
    },
  }
}

function book(
  tallies: Map<string, NullTally>,
  n: number,
  test: string,
  windows: number,
  own: readonly number[],
): void {
  const key = `${n} ${test}`
  const before = tallies.get(key)
  tallies.set(key, {
    n,
    test,
    windows: windows + (before?.windows ?? 0),
    hits: own.map((count, at) => count + (before?.hits[at] ?? 0)),
    squares: own.map((count, at) => count * count + (before?.squares[at] ?? 0)),
  })
}
