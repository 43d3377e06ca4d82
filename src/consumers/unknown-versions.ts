import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { LogRecord } from '../log/port.ts'
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

  /**
   * Reads the references topic to its end before anything of a batch is counted. Versions of the records
   * further on are noted first: one look is for all of them.
   */
  async lookUp(
    further: readonly LogRecord[],
    extract: (record: LogRecord) => FeatureEventView,
  ): Promise<void> {
    for (const record of further) {
      try {
        this.note(extract(record))
      } catch {
        // What is wrong with it is said when its turn comes.
      }
    }
    await this.#references.catchUp()
  }

  forget(): void {
    this.#noted.clear()
  }
}
