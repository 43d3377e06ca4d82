import type { FeatureEvent } from '../../src/events/feature-event.ts'
import type { FeatureEventView } from '../../src/events/feature-event-view.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import { addFeatures, addValues, countsOf, createPaneSketch } from '../../src/sketches/pane-sketch.ts'
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
      this.#panes.set(reference.model, { reference, sketch: createPaneSketch(reference.task) })
    }
  }

  count(events: readonly FeatureEvent[]): void {
    for (let index = 0; index < events.length; index++) this.add(events[index]!)
  }

  add(event: FeatureEvent): void {
    const { reference, sketch } = this.#panes.get(event.model)!
    addFeatures(sketch, layoutOf(reference), event.features, event.id)
  }

  /** Of an event whichever way it was read, as the observer's step counts it. */
  addView(event: FeatureEventView): void {
    const { reference, sketch } = this.#panes.get(event.model)!
    const layout = layoutOf(reference)
    const { values, others } = event.features.valuesOf(layout.names)
    addValues(sketch, layout, values, others, event.id)
  }

  paneOf(model: string): PaneSketch {
    return this.#panes.get(model)!.sketch
  }

  /** Values counted in cells. */
  total(): number {
    let total = 0
    for (const { reference, sketch } of this.#panes.values()) {
      for (let position = 0; position < reference.features.size; position++) {
        const counts = countsOf(sketch, layoutOf(reference), position)
        if (counts === null) continue
        const cells = counts.kind === 'numeric' ? counts.counts.bins : counts.counts.cells
        for (const cell of cells) total += cell
      }
    }
    return total
  }
}
