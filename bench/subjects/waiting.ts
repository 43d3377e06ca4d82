import { LabelJoin } from '../../src/steps/label-join.ts'

const START_MS = Date.UTC(2026, 0, 1)
const WAIT_MS = 30 * 24 * 60 * 60_000
/** A prime: steps of it come to every prediction once, far from the one before. */
const STEP = 7_919

/** Predictions that wait for their labels, as a decoder leaves them: every id a text of its own, 18 long. */
export class WaitingSubject {
  readonly #join: LabelJoin
  readonly #count: number
  #asked = 0

  constructor(count: number) {
    this.#count = count
    this.#join = new LabelJoin(WAIT_MS, 2 * count)
    for (let index = 0; index < count; index++) {
      const prediction = {
        version: '1',
        at: START_MS + index,
        prediction: index % 2,
        score: (index % 1_000) / 1_000,
        reference: null,
        counted: true,
      }
      this.#join.addPrediction(idOf(index), prediction, index)
    }
  }

  get waiting(): number {
    return this.#join.size
  }

  /** Gives so many predictions their labels, in an order that no cache foresees; how many met. */
  addLabels(count: number): number {
    let joined = 0
    for (let label = 0; label < count; label++) {
      const index = (this.#asked++ * STEP) % this.#count
      if (this.#join.addLabel(idOf(index), START_MS + index, 1, true, label).kind === 'joined') joined++
    }
    return joined
  }
}

function idOf(index: number): string {
  return Buffer.from(`p-${String(index).padStart(16, '0')}`).toString('latin1')
}
