import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { type FeatureEventView, viewOf } from '../../src/events/feature-event-view.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import { countsOf } from '../../src/sketches/pane-sketch.ts'
import type { PaneSketch, Reference } from '../../src/sketches/types.ts'
import { type OpenEntry, PaneEntries } from '../../src/steps/pane-entries.ts'

/** Counts the features of events into one pane a model, found by its name, as the observer's step does. */
export class PaneCounter {
  readonly #references: readonly Reference[]
  readonly #panes = new Map<string, { readonly reference: Reference; readonly entry: OpenEntry }>()
  #entries = new PaneEntries()

  constructor(references: readonly Reference[]) {
    this.#references = references
    this.clear()
  }

  clear(): void {
    this.#entries = new PaneEntries()
    for (const reference of this.#references) {
      const { model: name, task, version } = reference
      this.#panes.set(name, { reference, entry: this.#entries.of({ name, task }, version, 0, reference) })
    }
  }

  /** Counts all of them: nothing is staged after. */
  count(events: readonly FeatureEvent[]): void {
    for (let index = 0; index < events.length; index++) this.add(viewOf(events[index]!))
    this.countStaged()
  }

  add(event: FeatureEventView): void {
    const { reference, entry } = this.#panes.get(event.model)!
    this.#entries.addFeatures(entry, layoutOf(reference), event)
  }

  /** An event's values in the order of the model's features: what is left to do when it has been read. */
  addValues(model: string, values: readonly number[], eventId: string): void {
    const { reference, entry } = this.#panes.get(model)!
    this.#entries.addValues(entry, layoutOf(reference), values, 0, { id: eventId })
  }

  countStaged(): void {
    this.#entries.countStaged()
  }

  paneOf(model: string): PaneSketch {
    return this.#panes.get(model)!.entry.sketch
  }

  /** Values counted in cells. */
  total(): number {
    let total = 0
    for (const { reference, entry } of this.#panes.values()) {
      for (let position = 0; position < reference.features.size; position++) {
        const counts = countsOf(entry.sketch, layoutOf(reference), position)
        if (counts === null) continue
        const cells = counts.kind === 'numeric' ? counts.counts.bins : counts.counts.cells
        for (const cell of cells) total += cell
      }
    }
    return total
  }
}
