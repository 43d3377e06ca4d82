import { openEpisodes } from '../detectors/episodes.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { SetMetric } from '../metrics/metrics.ts'
import type { Tally } from '../metrics/tally.ts'
import type { DetectOutput, DetectState, ModelState } from '../steps/detect-state.ts'

/** Counts what a record led to; `isDelta`: the record was one. */
export function tallyDetected(tally: Tally, output: DetectOutput, task: number, isDelta: boolean): void {
  // Every delta goes to each task: what one has not got is seen by it alone, and a sum counts the rest anew.
  const of = { task: String(task) }
  if (isDelta) tally.add(output.overlap ? METRICS.deltaOverlaps : METRICS.deltasMerged, of)
  tally.add(METRICS.deltaGaps, of, output.gaps.length)
  for (const { from, to } of output.gaps) tally.add(METRICS.missingOffsets, of, to - from)
  tally.add(METRICS.panesClosed, of, output.panes)
  for (const { model, tests, longerLooks, verdicts } of output.judged) {
    tally.add(METRICS.judgements, { model })
    tally.add(METRICS.tests, { model }, tests)
    tally.add(METRICS.longerLooks, { model }, longerLooks)
    for (const [verdict, count] of verdicts) tally.add(METRICS.findings, { model, verdict }, count)
  }
}

/** What of a state is told to whoever reads the metrics. */
export interface ToldState {
  readonly models: ReadonlyMap<string, Pick<ModelState, 'episodes' | 'trigger'>>
}

/** A state as it can be told while the next pane is judged: what a step makes of these it does not write into them. */
export function toldOf({ models }: DetectState): ToldState {
  return {
    models: new Map([...models].map(([name, { episodes, trigger }]) => [name, { episodes, trigger }])),
  }
}

/** What stands in a detector's state; what its triggers have counted since the state began counts on over restarts. */
export function tellDetector(set: SetMetric, { models }: ToldState): void {
  for (const [model, { episodes, trigger }] of models) {
    for (const { diagnosis } of openEpisodes(episodes)) set(METRICS.episodesOpen, { model, diagnosis }, 1)
    const { fired, requested, suppressed } = trigger.counts
    set(METRICS.triggersFired, { model }, fired)
    set(METRICS.requests, { model }, requested)
    for (const { guard, count } of suppressed) set(METRICS.suppressed, { model, guard }, count)
    set(METRICS.inFlight, { model }, trigger.inFlight.length)
  }
}
