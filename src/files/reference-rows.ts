import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { FeatureValue } from '../events/feature-event.ts'
import { epochMs } from '../events/fields.ts'
import type { ReferenceRow } from '../sketches/reference-cutter.ts'
import { type ReadProgress, unwatched } from './byte-stream.ts'
import { fileFault } from './file-fault.ts'
import type { FileRow } from './file-row.ts'
import { readRows } from './read-rows.ts'

/** Which columns of a file are what. A column that the file lacks is missing in every row. */
export interface ReferenceColumns {
  readonly features: readonly string[]
  readonly prediction: string
  readonly score: string
  readonly label: string
  /** The column of event times. Absent: `at`, where the file has it and a row's value is a time. */
  readonly time?: string | undefined
}

/** What event times are called in feature events. */
const TIME_COLUMN = 'at'

/** No calendar reaches further from the epoch. */
const TIME_MS_MAX = 8.64e15

/**
 * The rows of a file as a reference needs them, in batches. Features are columns of their own, or the entries of one
 * column `features`, as feature events have it.
 * @throws REFERENCE_FILE_INVALID as `readRows`, where `features` is no flat object or no row has any, and where
 * the named column of times holds something else, or nothing at all
 */
export async function* readReferenceRows(
  path: string,
  columns: ReferenceColumns,
  progress: ReadProgress = unwatched(),
): AsyncGenerator<ReferenceRow[]> {
  let row = 0
  let known = false
  let timed = false
  for await (const batch of readRows(path, progress)) {
    yield batch.map((values) => {
      row++
      const features = featuresOf(values, columns.features, path, row)
      known ||= columns.features.some((name) => Object.hasOwn(features, name))
      const at = time(values, columns.time, path, row)
      timed ||= at !== undefined
      return {
        at,
        features,
        prediction: outcome(values, columns.prediction),
        score: score(values, columns.score),
        label: outcome(values, columns.label),
      }
    })
  }
  if (known && columns.time !== undefined && !timed) {
    throw fileFault(
      'REFERENCE_FILE_INVALID',
      path,
      0,
      `expected times in the column "${columns.time}", found none`,
    )
  }
  if (known) return
  throw new DriftstreamError(
    'REFERENCE_FILE_INVALID',
    `${path}: expected a column of at least one feature (${columns.features.join(', ')}), found none`,
    { path },
  )
}

/** The row itself, or what it has under `features`; other columns in it are looked at by nobody. */
function featuresOf(
  values: FileRow,
  names: readonly string[],
  path: string,
  row: number,
): Readonly<Record<string, FeatureValue>> {
  const nested = Object.hasOwn(values, 'features') ? values.features : undefined
  const source = typeof nested === 'object' && nested !== null ? (nested as FileRow) : values
  for (const name of names) {
    if (!Object.hasOwn(source, name) || isFeatureValue(source[name])) continue
    throw new DriftstreamError(
      'REFERENCE_FILE_INVALID',
      `${path}, row ${row}: expected features that are numbers, strings, booleans or null, "${name}" is none`,
      { path, row },
    )
  }
  return source as Readonly<Record<string, FeatureValue>>
}

function isFeatureValue(value: unknown): value is FeatureValue {
  return (
    value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
  )
}

/** Epoch ms; undefined where the row has none. */
function time(values: FileRow, named: string | undefined, path: string, row: number): number | undefined {
  const column = named ?? TIME_COLUMN
  const value = Object.hasOwn(values, column) ? values[column] : undefined
  if (value === null || value === undefined) return undefined
  const parsed = epochMs.safeParse(value)
  if (parsed.success && Math.abs(parsed.data) <= TIME_MS_MAX) return parsed.data
  if (named === undefined) return undefined
  throw new DriftstreamError(
    'REFERENCE_FILE_INVALID',
    `${path}, row ${row}: expected epoch milliseconds or ISO 8601 with a zone in "${column}", got ${JSON.stringify(value)?.slice(0, 40)}`,
    { path, row },
  )
}

function outcome(values: FileRow, column: string): number | string | boolean | undefined {
  const value = Object.hasOwn(values, column) ? values[column] : undefined
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
    ? value
    : undefined
}

function score(values: FileRow, column: string): ReferenceRow['score'] {
  const value = Object.hasOwn(values, column) ? values[column] : undefined
  if (typeof value === 'number') return value
  return typeof value === 'object' && value !== null ? (value as Record<string, number>) : undefined
}
