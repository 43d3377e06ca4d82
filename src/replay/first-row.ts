import { DriftstreamError } from '../errors/driftstream-error.ts'
import { readCsvSteps } from '../files/csv.ts'
import { asFileFault, fileFault } from '../files/file-fault.ts'
import type { FileRow } from '../files/file-row.ts'
import { readLineBytes } from '../files/jsonl.ts'
import { readParquetRows } from '../files/parquet.ts'
import { expectHistoryFile } from './file-source.ts'
import { jsonObject } from './json-rows.ts'
import { fieldOf } from './row-fields.ts'

/**
 * A row that shows which fields a file has: of a table without values, of JSON lines the first that can be
 * read.
 * @throws HISTORY_INVALID for a file that cannot be read, or has no rows
 */
export async function firstRow(path: string): Promise<FileRow> {
  const found = await firstRowOrNone(path)
  if (found !== null) return found
  throw new DriftstreamError('HISTORY_INVALID', `${path}: expected rows, got none`, { path })
}

/** The same; null for a file without rows. @throws HISTORY_INVALID for a file that cannot be read */
export async function firstRowOrNone(path: string): Promise<FileRow | null> {
  expectHistoryFile(path)
  const name = path.toLowerCase().replace(/\.gz$/, '')
  try {
    return name.endsWith('.csv')
      ? await firstOfCsv(path)
      : name.endsWith('.jsonl')
        ? await firstOfJson(path)
        : await firstOfParquet(path)
  } catch (cause) {
    const error = asFileFault('HISTORY_INVALID', path, 0, cause)
    throw new DriftstreamError('HISTORY_INVALID', error.message, error.context, { cause })
  }
}

/**
 * Of a table its columns must say what an event needs; rows of JSON are judged one by one.
 * @throws HISTORY_INVALID naming what is missing, and what there is
 */
export function expectColumns(path: string, first: FileRow, fields: Readonly<Record<string, string>>): void {
  if (path.toLowerCase().replace(/\.gz$/, '').endsWith('.jsonl')) return
  const missing = Object.entries(fields).filter(([, name]) => {
    return fieldOf(first, name) === undefined && !Object.hasOwn(first, name)
  })
  if (missing.length === 0) return
  const expected = missing.map(([field, name]) => `"${name}" (mapping.${field})`).join(', ')
  const got = Object.keys(first).map((name) => `"${name}"`)
  throw fileFault('HISTORY_INVALID', path, 0, `expected columns ${expected}, got ${got.join(', ')}`)
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
