import { DriftstreamError } from '../errors/driftstream-error.ts'
import { parseJson } from '../events/cloud-event.ts'
import type { FileRow } from '../files/file-row.ts'
import { fieldOf } from './row-fields.ts'

/** One line of JSON as a row. @throws EVENT_UNDECODABLE, EVENT_INVALID */
export function jsonObject(line: Uint8Array): FileRow {
  const value = parseJson(line)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as FileRow
  const got = JSON.stringify(value).slice(0, 40)
  throw new DriftstreamError('EVENT_INVALID', `expected one JSON object a line, got ${got}`)
}

/**
 * Do the lines of a file say of themselves what an event must? The first that can be read answers for all of
 * them: a file is written by one program.
 */
export function wholePaths<Fields extends string>(
  paths: Readonly<Record<Fields, string>>,
  fields: readonly Fields[],
): (line: Uint8Array) => boolean {
  let known: boolean | null = null
  return (line) => {
    if (known !== null) return known
    const row = jsonObject(line)
    known = fields.every((field) => fieldOf(row, paths[field]) !== undefined)
    return known
  }
}
