import { readCsvRows } from './csv.ts'
import { fileFault } from './file-fault.ts'
import type { FileRow } from './file-row.ts'
import { readJsonLines } from './jsonl.ts'
import { readParquetRows } from './parquet.ts'

const READERS: ReadonlyMap<string, (path: string) => AsyncIterable<FileRow>> = new Map([
  ['.csv', readCsvRows],
  ['.csv.gz', readCsvRows],
  ['.jsonl', readJsonRows],
  ['.jsonl.gz', readJsonRows],
  ['.parquet', readParquetRows],
])

/**
 * Reads the rows of a `.csv`, `.jsonl` (both also `.gz`) or `.parquet` file as a stream.
 * @throws REFERENCE_FILE_INVALID (another ending, no such file, no rows, a broken line) with path and line
 */
export async function* readRows(path: string): AsyncGenerator<FileRow> {
  const ending = [...READERS.keys()].find((known) => path.toLowerCase().endsWith(known))
  if (ending === undefined) {
    const known = [...READERS.keys()].join(', ')
    throw fileFault('REFERENCE_FILE_INVALID', path, 0, `expected a file ending in one of ${known}`)
  }
  let empty = true
  for await (const row of READERS.get(ending)!(path)) {
    empty = false
    yield row
  }
  if (empty) throw fileFault('REFERENCE_FILE_INVALID', path, 0, 'expected rows, got none')
}

async function* readJsonRows(path: string): AsyncGenerator<FileRow> {
  for await (const { line, value } of readJsonLines(path)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const got = JSON.stringify(value).slice(0, 40)
      throw fileFault('REFERENCE_FILE_INVALID', path, line, `expected one JSON object a line, got ${got}`)
    }
    yield value as FileRow
  }
}
