import { CsvError, parse } from 'csv-parse'
import { openByteStream } from './byte-stream.ts'
import { asFileFault, fileFault } from './file-fault.ts'
import type { FileRow } from './file-row.ts'

/** A line with an unclosed quote would swallow the rest of the file. */
const RECORD_BYTES_MAX = 16 * 1024 * 1024

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const LEADING_ZERO = /^[+-]?0\d/

/**
 * Reads a CSV file (`.gz`: packed) whose first line names the columns, as RFC 4180 writes it.
 * @throws REFERENCE_FILE_INVALID with path and line
 */
export async function* readCsvRows(path: string): AsyncGenerator<FileRow> {
  const bytes = openByteStream(path)
  const parser = parse({ bom: true, skip_empty_lines: true, info: true, max_record_size: RECORD_BYTES_MAX })
  bytes.once('error', (error) => parser.destroy(error))
  let names: readonly string[] | null = null
  let line = 0
  try {
    for await (const { record, info } of bytes.pipe(parser) as AsyncIterable<ParsedRecord>) {
      line = info.lines
      if (names === null) names = columnNames(path, record)
      else yield rowOf(names, record)
    }
  } catch (error) {
    throw error instanceof CsvError
      ? csvFault(path, error)
      : asFileFault('REFERENCE_FILE_INVALID', path, line, error)
  } finally {
    bytes.destroy()
  }
}

interface ParsedRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

function columnNames(path: string, record: readonly string[]): readonly string[] {
  const twice = record.find((name, column) => record.indexOf(name) !== column)
  if (twice === undefined) return record
  throw fileFault('REFERENCE_FILE_INVALID', path, 1, `expected each column once, got "${twice}" twice`)
}

/** An object without prototype: a column may be called `__proto__`. */
function rowOf(names: readonly string[], record: readonly string[]): FileRow {
  const row: FileRow = Object.create(null)
  for (let column = 0; column < names.length; column++) row[names[column]!] = cellValue(record[column]!)
  return row
}

/**
 * An empty cell is missing, a decimal number is a number, all else is text. So is a number that would not
 * come back from a double as it was written: `007` is a code, and 20 digits are an identifier.
 */
function cellValue(text: string): number | string | null {
  if (text === '') return null
  if (!DECIMAL.test(text) || LEADING_ZERO.test(text)) return text
  const value = Number(text)
  const exact = !Number.isInteger(value) || Number.isSafeInteger(value) || /[.e]/i.test(text)
  return exact && Number.isFinite(value) ? value : text
}

function csvFault(path: string, error: CsvError): Error {
  const line = typeof error.lines === 'number' ? error.lines : 0
  return fileFault('REFERENCE_FILE_INVALID', path, line, `expected CSV, got: ${error.message}`, error)
}
