import { IsoTimeReader } from '../events/extract/iso-time.ts'
import { readNumber } from '../events/extract/read-number.ts'
import { RecordBytes } from '../events/extract/record-bytes.ts'
import { SCAN } from '../events/extract/scan.ts'
import { TextCache } from '../events/extract/text-cache.ts'
import { cellValue } from './csv-cell.ts'

const { COMMA, NINE } = SCAN
const CR = 0x0d
const ASCII = 0x80
/** So few characters write no whole number that a double does not hold. */
const SURE_CHARACTERS = 15

/**
 * One line of a CSV file without quotes, read cell by cell from its bytes: a cell that nobody asks for costs
 * the search for its comma. What a cell says is what `cellValue` says of its text.
 */
export class CsvRecord {
  readonly #record = new RecordBytes()
  readonly #texts = new TextCache(this.#record)
  readonly #times = new IsoTimeReader(this.#record)
  readonly #number = new Float64Array(1)
  /** Where each cell starts; it ends a comma before the next one does. */
  readonly #starts: Int32Array
  readonly #isPlain: Uint8Array

  constructor(columns: number) {
    this.#starts = new Int32Array(columns + 2)
    this.#isPlain = new Uint8Array(columns + 1)
  }

  /** How many cells the line has, not more than one beyond the columns; -1 where it is too long to be read so. */
  load(line: Uint8Array): number {
    if (!this.#record.load(line)) return -1
    const { bytes } = this.#record
    const starts = this.#starts
    const isPlain = this.#isPlain
    const columnsMax = isPlain.length
    let { length } = this.#record
    if (length > 0 && bytes[length - 1] === CR) bytes[--length] = 0
    starts[0] = 0
    let cells = 0
    let any = 0
    for (let at = 0; at < length; at++) {
      const byte = bytes[at]!
      any |= byte
      if (byte !== COMMA) continue
      isPlain[cells++] = any < ASCII ? 1 : 0
      starts[cells] = at + 1
      any = 0
      if (cells === columnsMax) return cells
    }
    isPlain[cells++] = any < ASCII ? 1 : 0
    starts[cells] = length + 1
    return cells
  }

  /** A number, a text, or null where the cell is empty. */
  value(column: number): number | string | null {
    const start = this.#starts[column]!
    const end = this.#starts[column + 1]! - 1
    if (start === end) return null
    const { bytes, view } = this.#record
    if (bytes[start]! <= NINE) {
      const value = this.#numberAt(start, end, bytes, view)
      return Number.isNaN(value) ? cellValue(this.#text(column, start, end)) : value
    }
    return this.#text(column, start, end)
  }

  /** The cell as it is written, empty where it is. */
  text(column: number): string {
    return this.#text(column, this.#starts[column]!, this.#starts[column + 1]! - 1)
  }

  /** As `text`, for what hardly ever comes again. */
  textOnce(column: number): string {
    const { bytes } = this.#record
    const end = this.#starts[column + 1]! - 1
    return bytes.toString(this.#isPlain[column] === 1 ? 'latin1' : 'utf8', this.#starts[column]!, end)
  }

  /** Epoch ms of a number, or of ISO 8601 with a zone; NaN where the schema has to be asked. */
  time(column: number): number {
    const start = this.#starts[column]!
    const end = this.#starts[column + 1]! - 1
    const { bytes, view } = this.#record
    const value = this.#numberAt(start, end, bytes, view)
    return Number.isNaN(value) ? this.#times.read(start, end) : value
  }

  /** NaN where the cell may be none, or one that is a text: `007`, and what a double does not hold. */
  #numberAt(start: number, end: number, bytes: Buffer, view: DataView): number {
    if (readNumber(bytes, view, start, this.#number, 0) !== end) return Number.NaN
    const value = this.#number[0]!
    if (!Number.isFinite(value)) return Number.NaN
    const isSure = end - start <= SURE_CHARACTERS || !Number.isInteger(value) || Number.isSafeInteger(value)
    return isSure ? value : Number.NaN
  }

  #text(column: number, start: number, end: number): string {
    if (this.#isPlain[column] === 1) return this.#texts.text(start, end, true) ?? ''
    return this.#record.bytes.toString('utf8', start, end)
  }
}
