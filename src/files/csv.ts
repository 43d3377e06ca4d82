import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { type ReadProgress, readBytes, unwatched } from './byte-stream.ts'
import { asFileFault, fileFault } from './file-fault.ts'
import type { FileRow } from './file-row.ts'

/** A line with an unclosed quote would swallow the rest of the file. */
const RECORD_BYTES_MAX = 16 * 1024 * 1024

/** Rows of quoted text are handed on in batches of so many. */
const BATCH_ROWS = 1_000

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const LEADING_ZERO = /^[+-]?0\d/
const LONE_CARRIAGE_RETURN = /\r(?!\n)/
/** What the parser says of places counts from where it began. */
const PLACE = / (at|on) line \d+/g
const LINE_ENDS = ['\r\n', '\n', '\r']
const LF = 0x0a
const NINE = 0x39

/**
 * Reads a CSV file (`.gz`: packed) whose first line names the columns, as RFC 4180 writes it, in batches.
 * Lines without quotes, which are most of most files, are split by hand; from the first quote on a parser
 * that knows them all takes over.
 * @throws REFERENCE_FILE_INVALID with path and line
 */
export async function* readCsvRows(
  path: string,
  progress: ReadProgress = unwatched(),
): AsyncGenerator<FileRow[]> {
  const table = new CsvTable(path)
  try {
    const pieces = readBytes(path, progress)
    for await (const step of splitPlainLines(pieces)) {
      if (step.kind === 'plain') yield table.plainRows(step.text)
      else yield* table.quotedRows(step.rest)
    }
  } catch (error) {
    throw asFileFault('REFERENCE_FILE_INVALID', path, table.line, error)
  }
}

type PlainStep =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'quoted'; readonly rest: AsyncIterable<Buffer> }

/** Whole lines as texts, as long as splitting at line ends and commas is all there is to do; then the rest. */
async function* splitPlainLines(pieces: AsyncGenerator<Buffer>): AsyncGenerator<PlainStep> {
  let open: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    const bytes = open.length === 0 ? piece : Buffer.concat([open, piece])
    const end = bytes.lastIndexOf(LF) + 1
    const text = bytes.toString('utf8', 0, end)
    if (bytes.length - end > RECORD_BYTES_MAX || !isPlain(text)) {
      yield { kind: 'quoted', rest: joined(bytes, pieces) }
      return
    }
    open = bytes.subarray(end)
    if (end > 0) yield { kind: 'plain', text }
  }
  const text = open.toString('utf8')
  yield isPlain(text) ? { kind: 'plain', text } : { kind: 'quoted', rest: joined(open, pieces) }
}

function isPlain(text: string): boolean {
  return !text.includes('"') && !(text.includes('\r') && LONE_CARRIAGE_RETURN.test(text))
}

async function* joined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

interface ParsedRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** What is known of the file so far: the names of its columns and the line last read. */
class CsvTable {
  line = 0
  readonly #path: string
  #names: readonly string[] | null = null

  constructor(path: string) {
    this.#path = path
  }

  plainRows(text: string): FileRow[] {
    const rows: FileRow[] = []
    const end = text.endsWith('\n') ? text.length - 1 : text.length
    for (let start = 0; start <= end && text.length > 0; ) {
      const feed = text.indexOf('\n', start)
      const stop = feed === -1 ? end : feed
      const cells = text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop)
      this.line++
      this.#take(cells === '' ? [] : cells.split(','), rows)
      start = stop + 1
    }
    return rows
  }

  async *quotedRows(rest: AsyncIterable<Buffer>): AsyncGenerator<FileRow[]> {
    const options = { bom: true, skip_empty_lines: true, info: true, relax_column_count: true }
    const parser = parse({ ...options, record_delimiter: LINE_ENDS, max_record_size: RECORD_BYTES_MAX })
    const source = Readable.from(rest)
    source.once('error', (error) => parser.destroy(error))
    const lineBefore = this.line
    let rows: FileRow[] = []
    try {
      for await (const { record, info } of source.pipe(parser) as AsyncIterable<ParsedRecord>) {
        this.line = lineBefore + info.lines
        this.#take(record, rows)
        if (rows.length < BATCH_ROWS) continue
        yield rows
        rows = []
      }
    } catch (error) {
      throw error instanceof CsvError ? this.#quoteFault(error, lineBefore) : error
    } finally {
      source.destroy()
    }
    yield rows
  }

  #take(cells: readonly string[], rows: FileRow[]): void {
    if (cells.length === 0) return
    if (this.#names === null) this.#names = this.#columnNames(cells)
    else if (cells.length === this.#names.length) rows.push(rowOf(this.#names, cells))
    else throw this.#fault(`expected ${this.#names.length} cells, got ${cells.length}`)
  }

  #columnNames(cells: readonly string[]): readonly string[] {
    const names = cells.map((name, column) => (column === 0 ? name.replace(/^\uFEFF/, '') : name))
    const twice = names.find((name, column) => names.indexOf(name) !== column)
    if (twice === undefined) return names
    throw this.#fault(`expected each column once, got "${twice}" twice`)
  }

  #quoteFault(error: CsvError, lineBefore: number): Error {
    if (typeof error.lines === 'number') this.line = lineBefore + error.lines
    return this.#fault(`expected CSV, got: ${error.message.replaceAll(PLACE, '')}`, error)
  }

  #fault(message: string, cause?: unknown): Error {
    return fileFault('REFERENCE_FILE_INVALID', this.#path, this.line, message, cause)
  }
}

/** A column may be called `__proto__`; where none is, an ordinary object is several times cheaper. */
function rowOf(names: readonly string[], record: readonly string[]): FileRow {
  const row: FileRow = names.includes('__proto__') ? Object.create(null) : {}
  for (let column = 0; column < names.length; column++) row[names[column]!] = cellValue(record[column]!)
  return row
}

/**
 * An empty cell is missing, a decimal number is a number, all else is text. So is a number that would not
 * come back from a double as it was written: `007` is a code, and 20 digits are an identifier.
 */
function cellValue(text: string): number | string | null {
  if (text === '') return null
  // Every number begins with a character up to `9`.
  if (text.charCodeAt(0) > NINE || !DECIMAL.test(text) || LEADING_ZERO.test(text)) return text
  const value = Number(text)
  const exact = !Number.isInteger(value) || Number.isSafeInteger(value) || /[.e]/i.test(text)
  return exact && Number.isFinite(value) ? value : text
}
