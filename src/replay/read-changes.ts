import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { epochMs, modelName } from '../events/fields.ts'
import { fileFault } from '../files/file-fault.ts'
import { readRows } from '../files/read-rows.ts'
import type { KnownChange } from './known-changes.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const WHOLE_NUMBER = /^-?\d{1,16}$/
const TABLES = ['.csv', '.jsonl', '.parquet', '.gz']
const TEXTS = ['.json', '.yaml', '.yml']

const TIME_EXPECTED = 'expected a day, ISO 8601 with a zone, or epoch milliseconds'

/** Epoch ms of a day in UTC, of ISO 8601 with a zone, or of a number; null for anything else. */
export function parseTime(value: unknown): number | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.getTime()
  if (typeof value === 'string' && WHOLE_NUMBER.test(value)) return Number(value)
  const parsed = epochMs.safeParse(
    typeof value === 'string' && DAY.test(value) ? `${value}T00:00:00Z` : value,
  )
  return parsed.success && Math.abs(parsed.data) <= 8.64e15 ? parsed.data : null
}

const time = z.unknown().transform((value, context) => {
  const at = parseTime(value)
  if (at !== null) return at
  context.addIssue({ code: 'custom', message: TIME_EXPECTED })
  return z.NEVER
})

const change = z.object({
  at: time,
  until: z.union([z.null(), time]).default(null),
  name: z.union([z.string().min(1), z.number().transform(String)]).nullish(),
  model: modelName.nullish(),
})

/**
 * What is known to have changed: times with commas between them, or a file (`.json`, `.yaml`, or a table) of
 * changes with `at`, and where it is known `until`, `name` and `model`.
 * @throws HISTORY_INVALID with the file and the number of the change
 */
export async function readChanges(given: string): Promise<KnownChange[]> {
  const lower = given.toLowerCase()
  if (TEXTS.some((ending) => lower.endsWith(ending))) return named(given, await readList(given))
  if (TABLES.some((ending) => lower.endsWith(ending))) return named(given, await readTable(given))
  return given.split(',').map((text, index) => {
    const at = parseTime(text.trim())
    if (at !== null) return { name: `change ${index + 1}`, at, until: null, model: null }
    throw new DriftstreamError('HISTORY_INVALID', `--changes: ${TIME_EXPECTED}, or a file; got "${text}"`)
  })
}

function named(path: string, values: readonly unknown[]): KnownChange[] {
  return values.map((value, index) => {
    const parsed = change.safeParse(value)
    if (!parsed.success) {
      const faults = parsed.error.issues.map(
        ({ path: at, message }) => `${at.join('.') || 'change'}: ${message}`,
      )
      throw fileFault('HISTORY_INVALID', path, 0, `change ${index + 1}: ${faults.join('; ')}`)
    }
    const { at, until, name, model } = parsed.data
    return { name: name ?? `change ${index + 1}`, at, until, model: model ?? null }
  })
}

async function readList(path: string): Promise<readonly unknown[]> {
  let value: unknown
  try {
    value = parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw fileFault('HISTORY_INVALID', path, 0, `expected a list of changes, got: ${reason}`, cause)
  }
  if (Array.isArray(value)) return value
  throw fileFault(
    'HISTORY_INVALID',
    path,
    0,
    `expected a list of changes, got ${JSON.stringify(value)?.slice(0, 40)}`,
  )
}

async function readTable(path: string): Promise<readonly unknown[]> {
  const found: unknown[] = []
  try {
    for await (const rows of readRows(path)) found.push(...rows)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new DriftstreamError('HISTORY_INVALID', message, { path }, { cause })
  }
  return found
}
