import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { ReferenceTable } from './reference-table.ts'

/** Versions looked up in vain since the last flush: asking again for each event would cost a round trip. */
export class UnknownVersions {
  readonly #noted = new Set<string>()
  readonly #references: ReferenceTable
  readonly #models: ReadonlyMap<string, unknown>

  constructor(references: ReferenceTable, models: ReadonlyMap<string, unknown>) {
    this.#references = references
    this.#models = models
  }

  /** Notes a version whose reference must be looked up; true where it had not been noted since the last flush. */
  note({ model, version }: FeatureEventView): boolean {
    const reference = this.#references.get(model, version)
    // A cut reference is soon followed by its counts, or by one that somebody publishes instead.
    if ((reference !== null && reference.stage !== 'cut') || !this.#models.has(model)) return false
    const key = `${model}\n${version}`
    if (this.#noted.has(key)) return false
    this.#noted.add(key)
    return true
  }

  forget(): void {
    this.#noted.clear()
  }
}
