import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { asFileFault } from './file-fault.ts'
import type { FileRow } from './file-row.ts'

/**
 * Reads a Parquet file, one row group in memory at a time. Whole numbers of 64 bits become numbers where a
 * double holds them and texts where not, dates and times epoch milliseconds; an absent value is null.
 * @throws REFERENCE_FILE_INVALID with path and, as `line`, the number of the row group's first row
 */
export async function* readParquetRows(path: string): AsyncGenerator<FileRow> {
  let first = 0
  try {
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    const names = parquetSchema(metadata).children.map(({ element }) => element.name)
    for (const group of metadata.row_groups) {
      const next = first + Number(group.num_rows)
      for (const record of await readRange(file, metadata, first, next)) yield rowOf(names, record)
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

/** An object without prototype: a column may be called `__proto__`. */
function rowOf(names: readonly string[], record: readonly unknown[]): FileRow {
  const row: FileRow = Object.create(null)
  for (let column = 0; column < names.length; column++) row[names[column]!] = plainValue(record[column])
  return row
}

function plainValue(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.getTime()
  return value
}
