import { decodeDelta, encodeDelta } from '../../src/sketches/delta-codec.ts'
import { createPaneSketch, mergePaneSketch } from '../../src/sketches/pane-sketch.ts'
import type { PaneSketch, Reference } from '../../src/sketches/types.ts'
import { emptyStreamCounts } from '../../src/steps/observe.ts'

/**
 * What is done with a whole pane once it is counted: the observer encodes it, the detector decodes it and
 * merges it into what it has.
 */
export class PaneOperations {
  readonly #reference: Reference
  readonly #pane: PaneSketch
  readonly #bytes: Uint8Array
  #sum: PaneSketch

  constructor(reference: Reference, pane: PaneSketch) {
    this.#reference = reference
    this.#pane = pane
    this.#bytes = this.encode()
    this.#sum = createPaneSketch(reference.task)
  }

  /** Forgets what was merged. */
  clear(): void {
    this.#sum = createPaneSketch(this.#reference.task)
  }

  /** Events in the sum, with the pane merged into it once more. */
  merge(): number {
    mergePaneSketch(this.#sum, this.#pane)
    return this.#sum.events
  }

  /** The pane as the one entry of a delta. */
  encode(): Uint8Array {
    const { id, model, version } = this.#reference
    return encodeDelta({
      task: 0,
      flush: 0,
      part: 0,
      parts: 1,
      sources: [{ topic: 'features', partition: 0, from: 0, to: this.#pane.events, readUntil: 0 }],
      watermark: 0,
      idle: false,
      stream: emptyStreamCounts(),
      entries: [{ model, version, paneStart: 0, referenceId: id, sketch: this.#pane }],
    })
  }

  /** Events in the pane decoded. */
  decode(): number {
    return decodeDelta(this.#bytes).entries[0]!.sketch.events
  }
}
