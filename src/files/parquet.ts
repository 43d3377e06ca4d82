import { stat } from 'node:fs/promises'
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { type ReadProgress, unwatched } from './byte-stream.ts'
import { asFileFault } from './file-fault.ts'
import type { FileRow } from './file-row.ts'

/** Rows of a group are made into objects in batches of so many: the group itself lies in memory already. */
const BATCH_ROWS = 4_096

/**
 * Reads a Parquet file, one row group in memory at a time. Whole numbers of 64 bits become numbers where a
 * double holds them and texts where not, dates and times epoch milliseconds; an absent value is null.
 * @throws REFERENCE_FILE_INVALID with path and, as `line`, the number of the row group's first row
 */
export async function* readParquetRows(
  path: string,
  progress: ReadProgress = unwatched(),
): AsyncGenerator<FileRow[]> {
  let first = 0
  try {
    progress.bytesTotal = (await stat(path)).size
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    const names = parquetSchema(metadata).children.map(({ element }) => element.name)
    for (const group of metadata.row_groups) {
      const next = first + Number(group.num_rows)
      const records = await readRange(file, metadata, first, next)
      progress.bytesRead = progress.bytesTotal * (next / Number(metadata.num_rows))
      for (let from = 0; from < records.length; from += BATCH_ROWS) {
        yield records.slice(from, from + BATCH_ROWS).map((record) => rowOf(names, record))
      }
      first = next
    }
  } catch (error) {
    throw asFileFault('REFERENCE_FILE_INVALID', path, first, error)
  }
}

type ParquetFile = Awaited<ReturnType<typeof asyncBufferFromFile>>

async function readRange(
  file: ParquetFile,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<readonly (readonly unknown[])[]> {
  let rows: readonly (readonly unknown[])[] = []
  await parquetRead({
    file,
    metadata,
    rowStart,
    rowEnd,
    compressors,
    onComplete: (complete) => {
      rows = complete
    },
  })
  return rows
}

/** A column may be called `__proto__`; where none is, an ordinary object is several times cheaper. */
function rowOf(names: readonly string[], record: readonly unknown[]): FileRow {
  const row: FileRow = names.includes('__proto__') ? Object.create(null) : {}
  for (let column = 0; column < names.length; column++) row[names[column]!] = plainValue(record[column])
  return row
}

function plainValue(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.getTime()
  return value
}
