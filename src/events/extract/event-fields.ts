import {
  ID_LENGTH_MAX,
  MODEL_PATTERN,
  OUTCOME_LENGTH_MAX,
  SCORE_CLASSES_MAX,
  VERSION_LENGTH_MAX,
} from '../fields.ts'
import { KIND } from './cells.ts'
import type { EventReader } from './event-reader.ts'
import { IsoTimeReader } from './iso-time.ts'

const { NOTHING, NUMBER, TEXT, TRUE, FALSE, OBJECT } = KIND

/**
 * The fields of the event that was read last, each by its slot and as the schema of source events would have
 * it. Null (NaN for a time) where the schema would refuse or has more to say: then the event is parsed.
 */
export class EventFields {
  readonly #reader: EventReader
  readonly #times: IsoTimeReader
  /** The last one that was valid. */
  #model: string | null = null

  constructor(reader: EventReader) {
    this.#reader = reader
    this.#times = new IsoTimeReader(reader.record)
  }

  model(slot: number): string | null {
    const text = this.#reader.scalars.text(slot)
    // Texts seen before are the same string again, and comparing a string with itself costs nothing.
    if (text === this.#model) return text
    if (text === null || !MODEL_PATTERN.test(text)) return null
    this.#model = text
    return text
  }

  /** A text of 1 to VERSION_LENGTH_MAX characters, or a number as its decimal text. */
  version(slot: number): string | null {
    return this.#name(slot, this.#reader.scalars.text(slot), VERSION_LENGTH_MAX)
  }

  /** Is there an id that is ASCII and written as it is? Then its text is what stands at the slot. */
  isPlainId(slot: number): boolean {
    const { cells } = this.#reader
    if (cells.kind(slot) !== TEXT) return false
    const length = cells.ends[slot]! - cells.starts[slot]!
    return length > 0 && length <= ID_LENGTH_MAX
  }

  /** A text of 1 to ID_LENGTH_MAX characters, or a number as its decimal text. */
  id(slot: number): string | null {
    return this.#name(slot, this.#reader.scalars.textOnce(slot), ID_LENGTH_MAX)
  }

  /** Epoch milliseconds. */
  time(slot: number): number {
    const { cells } = this.#reader
    const kind = cells.kind(slot)
    if (kind === NUMBER) return Number.isFinite(cells.numbers[slot]) ? cells.numbers[slot]! : Number.NaN
    return kind === TEXT ? this.#times.read(cells.starts[slot]!, cells.ends[slot]!) : Number.NaN
  }

  /** A prediction or a label. */
  outcome(slot: number): number | string | boolean | null {
    const { cells } = this.#reader
    const kind = cells.kind(slot)
    if (kind === NUMBER) return Number.isFinite(cells.numbers[slot]) ? cells.numbers[slot]! : null
    if (kind === TRUE || kind === FALSE) return kind === TRUE
    const text = this.#reader.scalars.text(slot)
    return text !== null && text.length <= OUTCOME_LENGTH_MAX ? text : null
  }

  /** A probability, one a class, or `undefined` where there is none. */
  score(slot: number): number | Record<string, number> | undefined | null {
    const { cells } = this.#reader
    const kind = cells.kind(slot)
    if (kind === NOTHING) return undefined
    if (kind === NUMBER) return Number.isFinite(cells.numbers[slot]) ? cells.numbers[slot]! : null
    return kind === OBJECT ? this.#probabilities(slot) : null
  }

  /** Is there no segment, or a text that may be one? */
  allowsSegment(slot: number, lengthMax: number): boolean {
    if (this.#reader.cells.kind(slot) === NOTHING) return true
    const text = this.#reader.scalars.text(slot)
    return text !== null && text.length <= lengthMax
  }

  /** `text` is what stands at the slot, null where it is none. */
  #name(slot: number, text: string | null, lengthMax: number): string | null {
    if (text !== null) return text.length > 0 && text.length <= lengthMax ? text : null
    const { cells } = this.#reader
    const number = cells.kind(slot) === NUMBER ? cells.numbers[slot]! : Number.NaN
    return Number.isFinite(number) ? String(number) : null
  }

  /** Objects are short and rare enough to be parsed by themselves. */
  #probabilities(slot: number): Record<string, number> | null {
    const { bytes } = this.#reader.record
    const { starts, ends } = this.#reader.cells
    const score = JSON.parse(bytes.toString('utf8', starts[slot], ends[slot])) as Record<string, unknown>
    // The schema drops a class of this name.
    if (Object.hasOwn(score, '__proto__')) return null
    const probabilities = Object.values(score)
    if (probabilities.length > SCORE_CLASSES_MAX) return null
    return probabilities.every(Number.isFinite) ? (score as Record<string, number>) : null
  }
}
