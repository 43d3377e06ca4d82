import { type ReadProgress, unwatched } from './byte-stream.ts'
import { readCsvRows } from './csv.ts'
import { fileFault } from './file-fault.ts'
import type { FileRow } from './file-row.ts'
import { readJsonLines } from './jsonl.ts'
import { readParquetRows } from './parquet.ts'

const READERS: ReadonlyMap<string, (path: string, progress: ReadProgress) => AsyncIterable<FileRow[]>> =
  new Map([
    ['.csv', readCsvRows],
    ['.csv.gz', readCsvRows],
    ['.jsonl', readJsonRows],
    ['.jsonl.gz', readJsonRows],
    ['.parquet', readParquetRows],
  ])

/**
 * Reads the rows of a `.csv`, `.jsonl` (both also `.gz`) or `.parquet` file, batch by batch: a turn of the event
 * loop for each row would cost more than the row.
 * @throws REFERENCE_FILE_INVALID (another ending, no such file, no rows, a broken line) with path and line
 */
export async function* readRows(
  path: string,
  progress: ReadProgress = unwatched(),
): AsyncGenerator<FileRow[]> {
  const ending = [...READERS.keys()].find((known) => path.toLowerCase().endsWith(known))
  if (ending === undefined) {
    const known = [...READERS.keys()].join(', ')
    throw fileFault('REFERENCE_FILE_INVALID', path, 0, `expected a file ending in one of ${known}`)
  }
  let empty = true
  for await (const rows of READERS.get(ending)!(path, progress)) {
    if (rows.length === 0) continue
    empty = false
    yield rows
  }
  if (empty) throw fileFault('REFERENCE_FILE_INVALID', path, 0, 'expected rows, got none')
}

async function* readJsonRows(path: string, progress: ReadProgress): AsyncGenerator<FileRow[]> {
  for await (const lines of readJsonLines(path, 'REFERENCE_FILE_INVALID', progress)) {
    yield lines.map(({ line, value }) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as FileRow
      const got = JSON.stringify(value).slice(0, 40)
      throw fileFault('REFERENCE_FILE_INVALID', path, line, `expected one JSON object a line, got ${got}`)
    })
  }
}
