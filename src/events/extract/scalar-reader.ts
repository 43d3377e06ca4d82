import { type Cells, KIND } from './cells.ts'
import { codedTextEnd, plainTextEnd } from './plain-text.ts'
import { readNumber } from './read-number.ts'
import type { RecordBytes } from './record-bytes.ts'
import { SCAN } from './scan.ts'
import { TextCache } from './text-cache.ts'

const { DOUBT, NINE, QUOTE, LOWER_E } = SCAN
const { NUMBER, TEXT, CODED_TEXT, TRUE, FALSE, NULL } = KIND

/** The first four bytes of each literal, as a word. */
const TRUE_WORD = 0x65757274
const FALS_WORD = 0x736c6166
const NULL_WORD = 0x6c6c756e

/** Reads values that are neither object nor array into the cells of their slots. */
export class ScalarReader {
  readonly record: RecordBytes
  readonly cells: Cells
  readonly #texts: TextCache

  constructor(record: RecordBytes, cells: Cells) {
    this.record = record
    this.cells = cells
    this.#texts = new TextCache(record)
  }

  /** Reads the value at `at` into the slot's cell and returns its end; DOUBT where it may be none. */
  read(at: number, slot: number): number {
    const { bytes, view } = this.record
    const byte = bytes[at]!
    if (byte === QUOTE) return this.readText(at + 1, slot)
    if (byte > NINE) return this.#readLiteral(at, slot)
    const { marks, base, numbers } = this.cells
    marks[slot] = base | NUMBER
    return readNumber(bytes, view, at, numbers, slot)
  }

  /** The text a slot holds, null where it holds none. */
  text(slot: number): string | null {
    const { starts, ends } = this.cells
    const kind = this.cells.kind(slot)
    if (kind !== TEXT && kind !== CODED_TEXT) return null
    return this.#texts.text(starts[slot]!, ends[slot]!, kind === TEXT)
  }

  /** As `text`, for texts that hardly ever come again. */
  textOnce(slot: number): string | null {
    const { starts, ends } = this.cells
    const kind = this.cells.kind(slot)
    if (kind !== TEXT && kind !== CODED_TEXT) return null
    return this.#texts.decode(starts[slot]!, ends[slot]!, kind === TEXT)
  }

  readText(start: number, slot: number): number {
    const { bytes, view } = this.record
    const { marks, base, numbers, starts, ends } = this.cells
    numbers[slot] = Number.NaN
    let end = plainTextEnd(view, start)
    marks[slot] = base | TEXT
    if (bytes[end] !== QUOTE) {
      end = codedTextEnd(bytes, end)
      if (end === DOUBT || this.#texts.text(start, end, false) === null) return DOUBT
      marks[slot] = base | CODED_TEXT
    }
    starts[slot] = start
    ends[slot] = end
    return end + 1
  }

  #readLiteral(at: number, slot: number): number {
    const { bytes, view } = this.record
    const { marks, base, numbers } = this.cells
    numbers[slot] = Number.NaN
    const word = view.getInt32(at, true)
    if (word === NULL_WORD) {
      marks[slot] = base | NULL
      return at + 4
    }
    if (word === TRUE_WORD) {
      marks[slot] = base | TRUE
      return at + 4
    }
    if (word === FALS_WORD && bytes[at + 4] === LOWER_E) {
      marks[slot] = base | FALSE
      return at + 5
    }
    return DOUBT
  }
}
