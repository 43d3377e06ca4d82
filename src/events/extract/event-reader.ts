import type { CopyableValue } from '../copyable-value.ts'
import { FEATURES_MAX } from '../feature-event.ts'
import { Cells, KIND, MARK } from './cells.ts'
import type { EventPlan } from './event-plan.ts'
import { DROPPED_SLOT, NO_SLOT } from './key-table.ts'
import { readLongNumber } from './read-long-number.ts'
import { readNumber } from './read-number.ts'
import { RecordBytes } from './record-bytes.ts'
import { ScalarReader } from './scalar-reader.ts'
import { SCAN } from './scan.ts'
import { ROW, Shape } from './shape.ts'
import { skipSpace } from './skip-space.ts'
import { skipValue } from './skip-value.ts'

const { DOUBT, SPACE, QUOTE, COMMA, NINE, COLON, BACKSLASH, OPEN_BRACE, CLOSE_BRACE } = SCAN
const { NOTHING, NUMBER, CODED_TEXT, OBJECT } = KIND
const { LONG } = MARK
const { WORDS: ROW_WORDS, NEXT, LAST, SPELLING } = ROW
const NONE = NO_SLOT
const DROPPED = DROPPED_SLOT

/** Sign, point and nine digits: what `readNumber` reads fastest. */
const SHORT_NUMBER_BYTES = 11

/**
 * Walks over the bytes of an event once and leaves in the cells what stands at the slots of a plan.
 *
 * It does not judge the event, only that it is JSON, that no key that matters stands twice in its object,
 * and that every value is what `JSON.parse` would make of it.
 */
export class EventReader {
  readonly record = new RecordBytes()
  readonly cells = new Cells()
  readonly scalars = new ScalarReader(this.record, this.cells)
  /** Keys in the features object of the last record, -1 where it had no such object. */
  featureCount = -1
  /** Did the last record come to a feature that is not known yet? */
  metUnknownFeature = false
  readonly #plan: EventPlan
  readonly #shape = new Shape()
  /** The slot of the key that was read last, NO_SLOT where it has none and its value was dropped. */
  #slot = NONE

  constructor(plan: EventPlan) {
    this.#plan = plan
  }

  /** False where the record must go through `JSON.parse`; what the cells hold then means nothing. */
  read(value: Uint8Array | CopyableValue): boolean {
    const { record, cells } = this
    this.metUnknownFeature = false
    this.featureCount = -1
    if (!this.#plan.readable || !record.load(value)) return false
    cells.begin(this.#plan.keys.size)
    this.#shape.grow(this.#plan.keys.size)
    const start = skipSpace(record.bytes, 0)
    if (record.bytes[start] !== OPEN_BRACE) return false
    const end = this.#readObject(this.#plan.root, start)
    return end !== DOUBT && skipSpace(record.bytes, end) === record.length
  }

  /** Forgets the features learned so far. */
  forget(): void {
    this.#plan.keys.forget()
    this.#shape.forget()
  }

  /** The end of the object whose brace is at `at`. */
  #readObject(object: number, at: number): number {
    const { bytes, view } = this.record
    const { marks, base, numbers } = this.cells
    const { rows } = this.#shape
    let previous = object
    let count = 0
    let position = at + 1
    const empty = bytes[skipSpace(bytes, position)] === CLOSE_BRACE
    if (empty) position = skipSpace(bytes, position)
    pairs: while (!empty) {
      let usual: number
      let valueAt: number
      // As long as the key is the one that came next last time, spelled as it was then, and its value a number
      // or a text: nearly always. Written out, because functions that can fail cost a tenth of it all.
      asUsual: for (;;) {
        valueAt = NONE
        usual = rows[previous * ROW_WORDS + NEXT]!
        if (usual === NONE) break
        const row = usual * ROW_WORDS
        const last = position + rows[row + LAST]!
        let word = row + SPELLING
        for (let at = position; at < last; at += 4) {
          if (view.getInt32(at, true) !== rows[word++]) break asUsual
        }
        if (view.getInt32(last, true) !== rows[word]) break
        valueAt = last + 4
        const mark = marks[usual]!
        const first = bytes[valueAt]!
        if (mark >= base || first > NINE || first < QUOTE) break
        if (first === QUOTE) position = this.scalars.readText(valueAt + 1, usual)
        else {
          position =
            (mark & LONG) === 0
              ? readNumber(bytes, view, valueAt, numbers, usual)
              : readLongNumber(bytes, view, valueAt, numbers, usual)
          marks[usual] = position - valueAt > SHORT_NUMBER_BYTES ? base | NUMBER | LONG : base | NUMBER
        }
        if (position === DOUBT) return DOUBT
        previous = usual
        count++
        if (bytes[position] !== COMMA) {
          position = skipSpace(bytes, position)
          if (bytes[position] !== COMMA) break pairs
        }
        position++
      }

      position = this.#readOther(object, previous, position, usual, valueAt)
      if (position === DOUBT) return DOUBT
      if (this.#slot !== NONE) {
        previous = this.#slot
        count++
      }
      position = skipSpace(bytes, position)
      if (bytes[position] !== COMMA) break
      position++
    }
    if (bytes[position] !== CLOSE_BRACE) return DOUBT
    if (object === this.#plan.features) {
      if (count > FEATURES_MAX) return DOUBT
      this.featureCount = count
    }
    return position + 1
  }

  /**
   * The end of any pair of key and value, white space before the key allowed. `usualAt` is where the value
   * begins if the key is the usual one, NO_SLOT where it is another.
   */
  #readOther(object: number, previous: number, at: number, usual: number, usualAt: number): number {
    const { bytes } = this.record
    let valueAt = usualAt
    this.#slot = usual
    if (valueAt === NONE || bytes[valueAt]! <= SPACE) valueAt = this.#readKey(object, previous, at)
    if (valueAt === DOUBT) return DOUBT
    const slot = this.#slot
    if (slot === NONE) return skipValue(this.scalars, valueAt)
    if (this.cells.kind(slot) !== NOTHING) return DOUBT
    const end =
      bytes[valueAt] === OPEN_BRACE ? this.#readInner(slot, valueAt) : this.scalars.read(valueAt, slot)
    this.#slot = slot
    return end
  }

  /**
   * Where the value behind the next key begins. DOUBT where the key is written with escapes, for then it may
   * be any key, and where it is a feature that is not known.
   */
  #readKey(object: number, previous: number, at: number): number {
    const { bytes, view } = this.record
    const { keys, features } = this.#plan
    const start = skipSpace(bytes, at)
    if (bytes[start] !== QUOTE) return DOUBT
    const end = this.scalars.read(start, DROPPED)
    if (end === DOUBT) return DOUBT
    if (this.cells.kind(DROPPED) === CODED_TEXT && bytes.subarray(start, end).includes(BACKSLASH))
      return DOUBT
    const colon = skipSpace(bytes, end)
    if (bytes[colon] !== COLON) return DOUBT
    const valueAt = skipSpace(bytes, colon + 1)
    this.#slot = keys.find(view, start, end, object)
    if (this.#slot !== NONE) this.#shape.learn(previous, this.#slot, view, at, valueAt)
    else if (object === features) {
      this.metUnknownFeature = true
      return DOUBT
    }
    return valueAt
  }

  /** The end of an object at a slot: one with fields in it, or one that is a value. */
  #readInner(slot: number, at: number): number {
    const { marks, base, starts, ends } = this.cells
    const object = this.#plan.objectAt(slot)
    marks[slot] = base | OBJECT
    if (object !== NONE) return this.#readObject(object, at)
    if (slot !== this.#plan.objectValue) return DOUBT
    const end = skipValue(this.scalars, at)
    starts[slot] = at
    ends[slot] = end
    return end
  }
}
