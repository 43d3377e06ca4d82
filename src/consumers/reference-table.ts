import type { Logger } from 'pino'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { decodeCloudEvent } from '../events/cloud-event.ts'
import { referenceEventType } from '../events/reference-event.ts'
import type { Follower, Log } from '../log/port.ts'
import { supersedes } from '../sketches/reference-learned.ts'
import { fromReferenceEvent } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'

/**
 * Every reference ever published, by model and version: the references topic as a table in memory.
 * A reference is published before its version serves, so catching up when an unknown version appears is
 * enough to count each event on the right edges from the first one on.
 */
export class ReferenceTable {
  readonly #references = new Map<string, Map<string, Reference>>()
  readonly #follower: Follower
  readonly #logger: Logger

  private constructor(follower: Follower, logger: Logger) {
    this.#follower = follower
    this.#logger = logger
  }

  static async open(log: Log, topic: string, logger: Logger): Promise<ReferenceTable> {
    const table = new ReferenceTable(await log.follow([topic]), logger)
    await table.catchUp()
    return table
  }

  get(model: string, version: string): Reference | null {
    return this.#references.get(model)?.get(version) ?? null
  }

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
    const versions = this.#references.get(reference.model) ?? new Map<string, Reference>()
    if (supersedes(reference, versions.get(reference.version))) versions.set(reference.version, reference)
    this.#references.set(reference.model, versions)
  }
}
