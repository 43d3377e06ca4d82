import type { FeatureReference, Reference } from '../../src/sketches/types.ts'
import { type ChaosEvent, PANE_MS } from './stream.ts'

/** Counts of one (model, pane), by name; zeros are left out. */
export type PaneCounts = Map<string, number>
/** By `model/pane start`. */
export type Counts = Map<string, PaneCounts>

/** The oracle: what must stand in the sketches, counted one event after the other by the plainest means. */
export class Recount {
  readonly counts: Counts = new Map()
  /** Events per source partition, and the greatest event time there. */
  readonly watermarks = new Map<number, number>()
  events = 0
  labels = 0
  readonly #references: ReadonlyMap<string, Reference>

  constructor(references: ReadonlyMap<string, Reference>) {
    this.#references = references
  }

  addFeature(event: ChaosEvent, partition: number): void {
    const pane = paneOf(this.counts, event.model, event.at)
    this.events++
    add(pane, 'events')
    const { features } = this.#references.get(event.model)!
    for (const [name, feature] of features) add(pane, `${name}:${cellOf(feature, event[name as 'x' | 'c'])}`)
    const watermark = this.watermarks.get(partition) ?? Number.NEGATIVE_INFINITY
    this.watermarks.set(partition, Math.max(watermark, event.at))
  }

  /** An outcome is booked to the pane of its prediction. */
  addLabel(event: ChaosEvent): void {
    this.labels++
    add(paneOf(this.counts, event.model, event.at), 'labelled')
  }
}

export function paneOf(counts: Counts, model: string, at: number): PaneCounts {
  const key = `${model}/${Math.floor(at / PANE_MS) * PANE_MS}`
  const pane = counts.get(key) ?? new Map()
  counts.set(key, pane)
  return pane
}

export function add(pane: PaneCounts, name: string, count = 1): void {
  if (count !== 0) pane.set(name, (pane.get(name) ?? 0) + count)
}

/** The bin whose edges enclose a number, the place of a category in the dictionary, or what is wrong. */
function cellOf(feature: FeatureReference, value: number | string | null): string {
  if (value === null) return 'missing'
  if (feature.kind === 'numeric') {
    const { edges } = feature.grid
    let [low, high] = [0, edges.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (edges[middle]! <= (value as number)) low = middle + 1
      else high = middle
    }
    return String(low)
  }
  const at = feature.dictionary.categories.indexOf(value as string)
  return at < 0 ? 'unseen' : String(at)
}
