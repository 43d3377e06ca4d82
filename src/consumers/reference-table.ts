import type { Logger } from 'pino'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { decodeCloudEvent } from '../events/cloud-event.ts'
import { referenceEventType } from '../events/reference-event.ts'
import type { Follower, Log } from '../log/port.ts'
import { supersedes } from '../sketches/reference-learned.ts'
import { fromReferenceEvent, gridIdOf } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'

/** What was asked for last, and the answer. */
interface Asked {
  readonly model: string
  readonly version: string
  readonly found: Reference | null
}

const NOTHING_ASKED: Asked = { model: '', version: '', found: null }

/**
 * Every reference ever published, by model and version: the references topic as a table in memory.
 * A reference is published before its version serves, so catching up when an unknown version appears is
 * enough to count each event on the right edges from the first one on.
 *
 * A reference with other edges than those in force waits for the next `refresh`: all tasks of the process
 * change over together, between batches.
 */
export class ReferenceTable {
  readonly #references = new Map<string, Map<string, Reference>>()
  /** Published, and waiting to take the place of others; in log order. */
  #waiting: Reference[] = []
  #refreshing: Promise<void> | null = null
  #asked: Asked = NOTHING_ASKED
  readonly #follower: Follower
  readonly #logger: Logger

  private constructor(follower: Follower, logger: Logger) {
    this.#follower = follower
    this.#logger = logger
  }

  static async open(log: Log, topic: string, logger: Logger): Promise<ReferenceTable> {
    const table = new ReferenceTable(await log.follow([topic]), logger)
    await table.refresh()
    return table
  }

  get(model: string, version: string): Reference | null {
    // Asked for every event, and most are of the model and version of the one before.
    const asked = this.#asked
    if (asked.model !== model || asked.version !== version) {
      this.#asked = { model, version, found: this.#references.get(model)?.get(version) ?? null }
    }
    return this.#asked.found
  }

  /** Reads on and changes over to what replaces other references. Calls at the same time are one. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.catchUp()
      .then(() => this.#changeOver())
      .finally(() => {
        this.#refreshing = null
      })
    return this.#refreshing
  }

  /** Reads on: versions that had no reference, or have the counts to their edges now, are known at once. */
  async catchUp(): Promise<void> {
    for (const batch of await this.#follower.catchUp()) {
      for (const record of batch.records) {
        try {
          this.#put(fromReferenceEvent(decodeCloudEvent(referenceEventType, record.value, record.headers)))
        } catch (error) {
          if (!(error instanceof DriftstreamError)) throw error
          const at = { topic: batch.topic, partition: batch.partition, offset: record.offset }
          this.#logger.error({ ...at, code: error.code }, `reference ignored: ${error.message}`)
        }
      }
    }
  }

  close(): Promise<void> {
    return this.#follower.close()
  }

  #put(reference: Reference): void {
    const current = this.get(reference.model, reference.version)
    if (current !== null && gridIdOf(current) !== gridIdOf(reference)) this.#waiting.push(reference)
    else this.#take(reference)
  }

  #changeOver(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const reference of waiting) {
      const { model, version, id } = reference
      const replaced = this.get(model, version)
      if (this.#take(reference)) {
        this.#logger.info(
          { model, version, reference: id, replaced: replaced?.id },
          'counting on another reference',
        )
      }
    }
  }

  #take(reference: Reference): boolean {
    const versions = this.#references.get(reference.model) ?? new Map<string, Reference>()
    if (!supersedes(reference, versions.get(reference.version))) return false
    versions.set(reference.version, reference)
    this.#asked = NOTHING_ASKED
    this.#references.set(reference.model, versions)
    return true
  }
}
