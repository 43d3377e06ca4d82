import { DriftstreamError } from '../errors/driftstream-error.ts'
import { readCsvSteps } from '../files/csv.ts'
import { asFileFault } from '../files/file-fault.ts'
import type { FileRow } from '../files/file-row.ts'
import { readLineBytes } from '../files/jsonl.ts'
import { readParquetRows } from '../files/parquet.ts'
import { expectHistoryFile } from './file-source.ts'
import { jsonObject } from './json-rows.ts'

/**
 * A row that shows which fields a file has: of a table without values, of JSON lines the first that can be
 * read.
 * @throws HISTORY_INVALID for a file that cannot be read, or has no rows
 */
export async function firstRow(path: string): Promise<FileRow> {
  expectHistoryFile(path)
  const name = path.toLowerCase().replace(/\.gz$/, '')
  try {
    const found = name.endsWith('.csv')
      ? await firstOfCsv(path)
      : name.endsWith('.jsonl')
        ? await firstOfJson(path)
        : await firstOfParquet(path)
    if (found !== null) return found
  } catch (cause) {
    const error = asFileFault('HISTORY_INVALID', path, 0, cause)
    throw new DriftstreamError('HISTORY_INVALID', error.message, error.context, { cause })
  }
  throw new DriftstreamError('HISTORY_INVALID', `${path}: expected rows, got none`, { path })
}

async function firstOfCsv(path: string): Promise<FileRow | null> {
  for await (const step of readCsvSteps(path)) {
    if (step.kind === 'rows') return step.rows[0] ?? null
    const row: FileRow = Object.create(null)
    for (const column of step.names) row[column] = ''
    return row
  }
  return null
}

async function firstOfJson(path: string): Promise<FileRow | null> {
  for await (const lines of readLineBytes(path)) {
    for (const line of lines) {
      try {
        return jsonObject(line)
      } catch {
        // What is wrong with it is said when its turn comes.
      }
    }
  }
  return null
}

async function firstOfParquet(path: string): Promise<FileRow | null> {
  for await (const [first] of readParquetRows(path)) if (first !== undefined) return first
  return null
}
