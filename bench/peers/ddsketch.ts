import { DDSketch } from '@datadog/sketches-js'
import type { RowCounter } from '../row-counter.ts'

/** npm `@datadog/sketches-js` at its default of 1 % relative accuracy, one sketch a feature. */
export class DDSketchPeer implements RowCounter {
  readonly #features: number
  #sketches: readonly DDSketch[] = []

  constructor(features: number) {
    this.#features = features
    this.clear()
  }

  clear(): void {
    this.#sketches = Array.from({ length: this.#features }, () => new DDSketch())
  }

  countRows(values: Float64Array): void {
    const sketches = this.#sketches
    for (let index = 0; index < values.length; ) {
      for (let feature = 0; feature < sketches.length; feature++, index++) {
        sketches[feature]!.accept(values[index]!)
      }
    }
  }

  total(): number {
    return this.#sketches.reduce((sum, sketch) => sum + sketch.count, 0)
  }
}
