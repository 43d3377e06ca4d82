import { createPairedLosses, type PairEntry, type PairedLosses } from '../sketches/paired-losses.ts'

/** Losses of two versions on the same events since the last flush, by model, versions and pane. */
export class Pairs {
  readonly #entries = new Map<string, PairEntry>()

  /** `first` sorts before `second`; `paneStart` in epoch ms. */
  of(model: string, first: string, second: string, paneStart: number): PairedLosses {
    const key = JSON.stringify([model, first, second, paneStart])
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = { model, first, second, paneStart, losses: createPairedLosses() }
      this.#entries.set(key, entry)
    }
    return entry.losses
  }

  /** All of them, in the order in which they began; nothing is left. */
  take(): PairEntry[] {
    const taken = [...this.#entries.values()]
    this.#entries.clear()
    return taken
  }
}
