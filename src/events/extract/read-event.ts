import type { ByteRange } from '../byte-range.ts'
import type { FeatureEvent } from '../feature-event.ts'
import type { EventFeatures, FeatureEventView } from '../feature-event-view.ts'
import type { RecordBytes } from './record-bytes.ts'

/** Where in the record an id stands. */
class IdBytes implements ByteRange {
  readonly bytes: Buffer
  start = 0
  end = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

/**
 * The event that was read last; one object takes them all. Its id stays bytes until somebody asks for the
 * text, which is rare: ids come once, and each would be a string for nothing.
 */
export class ReadEvent implements FeatureEventView {
  model = ''
  version = ''
  at = 0
  prediction: FeatureEvent['prediction'] = 0
  score: FeatureEvent['score'] = undefined
  readonly features: EventFeatures
  readonly #bytes: IdBytes
  /** Null where the id is bytes that nobody has asked to see as a text. */
  #id: string | null = ''
  #isInBytes = false

  constructor(features: EventFeatures, record: RecordBytes) {
    this.features = features
    this.#bytes = new IdBytes(record.bytes)
  }

  get id(): string {
    const { bytes, start, end } = this.#bytes
    this.#id ??= bytes.toString('latin1', start, end)
    return this.#id
  }

  get idBytes(): ByteRange | null {
    return this.#isInBytes ? this.#bytes : null
  }

  setId(id: string): void {
    this.#id = id
    this.#isInBytes = false
  }

  /** The id is ASCII and stands in the record. */
  setIdBytes(start: number, end: number): void {
    this.#bytes.start = start
    this.#bytes.end = end
    this.#id = null
    this.#isInBytes = true
  }
}
