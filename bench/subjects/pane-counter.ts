import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { addFeatures, cellsOf, createPaneSketch } from '../../src/sketches/pane-sketch.ts'
import type { PaneSketch, Reference } from '../../src/sketches/types.ts'

/** Counts the features of decoded events into one pane a model, found by the model's name. */
export class PaneCounter {
  readonly #references: readonly Reference[]
  readonly #panes = new Map<string, { readonly reference: Reference; readonly sketch: PaneSketch }>()

  constructor(references: readonly Reference[]) {
    this.#references = references
    this.clear()
  }

  clear(): void {
    for (const reference of this.#references) {
      this.#panes.set(reference.model, { reference, sketch: createPaneSketch(reference, reference.task) })
    }
  }

  count(events: readonly FeatureEvent[]): void {
    for (let index = 0; index < events.length; index++) this.add(events[index]!)
  }

  add(event: FeatureEvent): void {
    const { reference, sketch } = this.#panes.get(event.model)!
    addFeatures(sketch, reference, event.features)
  }

  paneOf(model: string): PaneSketch {
    return this.#panes.get(model)!.sketch
  }

  /** Values counted in cells. */
  total(): number {
    let total = 0
    for (const { sketch } of this.#panes.values()) {
      for (const counts of sketch.features.values()) {
        total += cellsOf(counts).reduce((sum, cell) => sum + cell, 0)
      }
    }
    return total
  }
}
