import type { Log } from '../../src/log/port.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { readRecords } from './small-pipeline.ts'

/** What all deltas of a sketches topic add up to. */
export async function countSketches(log: Log, topic: string): Promise<{ events: number; labelled: number }> {
  let events = 0
  let labelled = 0
  for (const { value } of await readRecords(log, topic)) {
    for (const { sketch } of decodeDelta(value!).entries) {
      events += sketch.events
      labelled += sketch.performance.n
    }
  }
  return { events, labelled }
}
