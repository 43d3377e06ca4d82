import type { Log } from '../../src/log/port.ts'
import { featureCounts } from '../../src/sketches/block-views.ts'
import type { DeltaEntry, SketchDelta } from '../../src/sketches/delta.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { isReferenceSample } from '../../src/sketches/reference-sample-codec.ts'
import type { Reference } from '../../src/sketches/types.ts'
import { add, type Counts, paneOf } from './recount.ts'

/** What stands committed in a sketches topic. */
export interface Committed {
  readonly counts: Counts
  /** Where one delta of a source did not begin where the one before had ended. */
  readonly breaks: readonly string[]
  /** Offset after the last one covered, by `topic/partition`, the least of all sketches partitions. */
  readonly reached: ReadonlyMap<string, number>
  /** By task, of its last delta. */
  readonly watermarks: ReadonlyMap<number, number>
  readonly deltas: number
  readonly deadLetters: number
}

/** Adds up all committed deltas, whether or not they continue; what does not continue is told. */
export async function readCommitted(
  log: Log,
  topic: string,
  references: ReadonlyMap<string, Reference>,
): Promise<Committed> {
  const counts: Counts = new Map()
  const breaks: string[] = []
  const watermarks = new Map<number, number>()
  const reached = new Map<string, number>()
  const offsets = await log.offsets(topic)
  let deltas = 0
  let deadLetters = 0
  for (const { partition, low, high } of offsets) {
    const ends = new Map<string, number>()
    for await (const { records } of log.read([{ topic, partition, from: low, to: high }])) {
      for (const { value } of records) {
        if (value === null || isReferenceSample(value)) continue
        const delta = decodeDelta(value)
        deltas++
        breaks.push(...continued(ends, delta, partition))
        watermarks.set(delta.task, delta.watermark)
        if (partition === 0 && delta.part === 0) deadLetters += delta.stream.deadLetters
        for (const entry of delta.entries) addEntry(counts, entry, references)
      }
    }
    for (const [source, end] of ends) reached.set(source, Math.min(reached.get(source) ?? end, end))
  }
  return { counts, breaks, reached, watermarks, deltas, deadLetters }
}

function continued(ends: Map<string, number>, delta: SketchDelta, partition: number): string[] {
  if (delta.part > 0) return []
  return delta.sources.flatMap((source) => {
    const key = `${source.topic}/${source.partition}`
    const expected = ends.get(key) ?? 0
    ends.set(key, source.to)
    if (source.from === expected) return []
    const what = source.from > expected ? 'gap' : 'overlap'
    return [`${what} in sketches/${partition}: ${key} from ${source.from}, expected ${expected}`]
  })
}

function addEntry(
  counts: Counts,
  { model, paneStart, referenceId, sketch }: DeltaEntry,
  references: ReadonlyMap<string, Reference>,
): void {
  const pane = paneOf(counts, model, paneStart)
  add(pane, 'events', sketch.events)
  add(pane, 'labelled', sketch.performance.n)
  add(pane, 'unknown features', sketch.unknownFeatures)
  const reference = references.get(model)
  if (sketch.block === null || reference === undefined) return
  if (referenceId !== reference.id) add(pane, 'events on another reference', sketch.events)
  for (const [position, name] of [...reference.features.keys()].entries()) {
    const feature = featureCounts(sketch.block, position)
    const cells = feature.kind === 'numeric' ? feature.counts.bins : feature.counts.cells
    cells.forEach((count, cell) => {
      add(pane, `${name}:${cell}`, count)
    })
    add(pane, `${name}:missing`, feature.counts.missing)
    add(pane, `${name}:wrong type`, feature.counts.wrongType)
  }
}
