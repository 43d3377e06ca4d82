import type { z } from 'zod'
import { DriftstreamError } from '../errors/driftstream-error.ts'

/** A value in a message is cut here: a fault must not be as large as the event it is about. */
const SHOWN_MAX = 60

/**
 * Parses a decoded event, or says of every fault where it is, what was expected and what came.
 * @throws EVENT_INVALID
 */
export function parseEvent<T>(schema: z.ZodType<T>, event: unknown): T {
  const result = schema.safeParse(event)
  if (result.success) return result.data
  const faults = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'event'}: ${expectedBy(message)}, got ${shown(event, path)}`,
  )
  throw new DriftstreamError('EVENT_INVALID', faults.join('\n'))
}

/** What the library says of a wrong type tells what came as well, which is told here, whole. */
function expectedBy(message: string): string {
  return message.replace(/^Invalid input: (expected .+?)(, received .+)?$/, '$1')
}

function shown(event: unknown, path: readonly PropertyKey[]): string {
  let at: unknown = event
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return 'nothing'
    at = (at as Record<PropertyKey, unknown>)[step]
  }
  const text = JSON.stringify(at, withoutBigInts) ?? typeof at
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}

/** Which JSON refuses, and a schema's long may be. */
function withoutBigInts(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
