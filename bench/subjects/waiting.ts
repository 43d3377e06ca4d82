import { LabelJoin } from '../../src/steps/label-join.ts'
import type { WaitingStore } from '../../src/steps/waiting-store.ts'

const START_MS = Date.UTC(2026, 0, 1)
const WAIT_MS = 30 * 24 * 60 * 60_000
/** A prime: steps of it come to every prediction once, far from the one before. */
const STEP = 7_919

export interface WaitingSetting {
  /** What memory may hold; what lies beyond goes to the store. */
  readonly inMemoryMax: number
  readonly store: WaitingStore | null
  /** Of ids that differ in their end: what stands before the number, and how long the number is. */
  readonly idPrefix: string
  readonly idDigits: number
}

/** Predictions that wait for their labels, as a decoder leaves them: every id a text of its own. */
export class WaitingSubject {
  readonly #join: LabelJoin
  readonly #count: number
  readonly #idOf: (index: number) => string
  #asked = 0

  constructor(count: number, { inMemoryMax, store, idPrefix, idDigits }: WaitingSetting) {
    this.#count = count
    this.#idOf = (index) =>
      Buffer.from(`${idPrefix}${String(index).padStart(idDigits, '0')}`).toString('latin1')
    this.#join = new LabelJoin(WAIT_MS, inMemoryMax, false, store)
    for (let index = 0; index < count; index++) {
      const prediction = {
        version: '1',
        at: START_MS + index,
        prediction: index % 2,
        score: (index % 1_000) / 1_000,
        reference: null,
        counted: true,
      }
      this.#join.addPrediction(this.#idOf(index), prediction, index)
      if (this.#join.inMemory > inMemoryMax) this.#join.makeRoom()
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
      const met = this.#join.addLabel(this.#idOf(index), START_MS + index, 1, true, label)
      if (met.kind === 'joined') joined++
    }
    return joined
  }
}

/** All of them in memory; ids of 18 characters. */
export function waitingInMemory(count: number): WaitingSubject {
  return new WaitingSubject(count, { inMemoryMax: 2 * count, store: null, idPrefix: 'p-', idDigits: 16 })
}
