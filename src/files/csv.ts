import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { type ReadProgress, readBytes, unwatched } from './byte-stream.ts'
import { cellValue } from './csv-cell.ts'
import { asFileFault, fileFault } from './file-fault.ts'
import type { FileRow } from './file-row.ts'

/** A line with an unclosed quote would swallow the rest of the file. */
const RECORD_BYTES_MAX = 16 * 1024 * 1024

/** Rows of quoted text are handed on in batches of so many. */
const BATCH_ROWS = 1_000

const LONE_CARRIAGE_RETURN = /\r(?!\n)/
/** What the parser says of places counts from where it began. */
const PLACE = / (at|on) line \d+/g
const LINE_ENDS = ['\r\n', '\n', '\r']
const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22

/** What a CSV file brings next: whole lines without quotes, as they are, or rows that were parsed. */
export type CsvStep =
  | { readonly kind: 'lines'; readonly names: readonly string[]; readonly bytes: Buffer }
  | { readonly kind: 'rows'; readonly rows: FileRow[] }

/**
 * Reads a CSV file (`.gz`: packed) whose first line names the columns, as RFC 4180 writes it, in batches.
 * @throws REFERENCE_FILE_INVALID with path and line
 */
export async function* readCsvRows(
  path: string,
  progress: ReadProgress = unwatched(),
): AsyncGenerator<FileRow[]> {
  const table = new CsvTable(path)
  try {
    for await (const step of splitPlainLines(readBytes(path, progress))) {
      if (step.kind === 'plain') yield table.plainRows(step.bytes.toString('utf8'))
      else yield* table.quotedRows(step.rest)
    }
  } catch (error) {
    throw asFileFault('REFERENCE_FILE_INVALID', path, table.line, error)
  }
}

/**
 * The same, for whoever splits lines by himself: lines without quotes, which are most of most files, come as
 * bytes; from the first quote on a parser that knows them all takes over, and rows come. An empty line is
 * no row.
 * @throws REFERENCE_FILE_INVALID with path and line
 */
export async function* readCsvSteps(
  path: string,
  progress: ReadProgress = unwatched(),
): AsyncGenerator<CsvStep> {
  const table = new CsvTable(path)
  try {
    for await (const step of splitPlainLines(readBytes(path, progress))) {
      if (step.kind === 'plain') {
        const bytes = table.afterHeader(step.bytes)
        if (table.names !== null && bytes.length > 0) yield { kind: 'lines', names: table.names, bytes }
      } else {
        for await (const rows of table.quotedRows(step.rest)) yield { kind: 'rows', rows }
      }
    }
  } catch (error) {
    throw asFileFault('REFERENCE_FILE_INVALID', path, table.line, error)
  }
}

type PlainStep =
  | { readonly kind: 'plain'; readonly bytes: Buffer }
  | { readonly kind: 'quoted'; readonly rest: AsyncIterable<Buffer> }

/** Whole lines, as long as splitting at line ends and commas is all there is to do; then the rest. */
async function* splitPlainLines(pieces: AsyncGenerator<Buffer>): AsyncGenerator<PlainStep> {
  let open: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    const bytes = open.length === 0 ? piece : Buffer.concat([open, piece])
    const end = bytes.lastIndexOf(LF) + 1
    const lines = bytes.subarray(0, end)
    if (bytes.length - end > RECORD_BYTES_MAX || !isPlain(lines)) {
      yield { kind: 'quoted', rest: joined(bytes, pieces) }
      return
    }
    open = bytes.subarray(end)
    if (end > 0) yield { kind: 'plain', bytes: lines }
  }
  yield isPlain(open) ? { kind: 'plain', bytes: open } : { kind: 'quoted', rest: joined(open, pieces) }
}

function isPlain(bytes: Buffer): boolean {
  if (bytes.includes(QUOTE)) return false
  return !bytes.includes(CR) || !LONE_CARRIAGE_RETURN.test(bytes.toString('latin1'))
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

  get names(): readonly string[] | null {
    return this.#names
  }

  /** The lines without the first, where that has not been read yet: it names the columns. */
  afterHeader(lines: Buffer): Buffer {
    let start = 0
    while (this.#names === null && start < lines.length) {
      const feed = lines.indexOf(LF, start)
      const end = feed === -1 ? lines.length : feed
      this.plainRows(lines.toString('utf8', start, end))
      start = end + 1
    }
    return lines.subarray(start)
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
