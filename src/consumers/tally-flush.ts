import { METRICS } from '../metrics/catalogue.ts'
import type { Tally } from '../metrics/tally.ts'
import type { DeltaEntry, StreamCounts } from '../sketches/delta.ts'

/** Counts what a flush of an observer holds, and what it met that could not be counted as it should be. */
export function tallyFlush(tally: Tally, entries: readonly DeltaEntry[], stream: StreamCounts): void {
  for (const { model, sketch } of entries) {
    tally.add(METRICS.eventsCounted, { model }, sketch.events)
    tally.add(METRICS.labelsJoined, { model }, sketch.performance.n)
  }
  tally.add(METRICS.lateEvents, {}, stream.late)
  tally.add(METRICS.duplicatePredictions, {}, stream.duplicatePredictions)
  tally.add(METRICS.duplicateLabels, {}, stream.duplicateLabels)
  tally.add(METRICS.orphanLabels, {}, stream.orphanLabels)
  tally.add(METRICS.expiredPredictions, {}, stream.expiredPredictions)
  tally.add(METRICS.unreferenced, {}, stream.unreferenced)
}
