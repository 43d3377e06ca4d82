import { DriftstreamError } from '../../errors/driftstream-error.ts'
import { FRAME_BYTES, schemaIdOf } from './frame.ts'
import { setOwn } from './own-property.ts'
import type { PayloadDecoder } from './schema.ts'

/** The schemas that are known by now. */
export interface KnownSchemas {
  /** @throws SCHEMA_UNKNOWN, SCHEMA_INVALID; STATE_IMPOSSIBLE for an id that nobody has asked after */
  decoderOf(id: number): PayloadDecoder
}

/**
 * What lies in a frame, as JSON would have had it.
 * @throws EVENT_UNDECODABLE (cut off, or not what the schema says), SCHEMA_REGISTRY_MISSING, SCHEMA_UNKNOWN,
 * SCHEMA_INVALID
 */
export function decodeFramed(framed: Uint8Array, schemas: KnownSchemas | null): unknown {
  const id = schemaIdOf(framed)
  if (id === null) {
    throw new DriftstreamError(
      'EVENT_UNDECODABLE',
      `expected a byte 0 and the four bytes of a schema's id, got ${framed.length} bytes`,
    )
  }
  if (schemas === null) {
    throw new DriftstreamError(
      'SCHEMA_REGISTRY_MISSING',
      `expected JSON, got a value with schema id ${id} of a registry, and the configuration has no schemaRegistry`,
      { schema: id },
    )
  }
  const decode = schemas.decoderOf(id)
  try {
    return decode(framed.subarray(FRAME_BYTES))
  } catch (error) {
    if (!(error instanceof DriftstreamError)) throw error
    throw new DriftstreamError(
      error.code,
      `schema id ${id}: ${error.message}`,
      { schema: id },
      { cause: error },
    )
  }
}

/**
 * A mapped event with what JSON has no words for put into JSON's: integers beyond 2^53 are the nearest number,
 * as JSON.parse makes them, but as an id or a version they are exact, as text; a score or a segment that is
 * null is absent, which a schema can say in no other way.
 */
export function inJsonTerms(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return event
  const settled: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(event)) {
    if (value === null && (name === 'score' || name === 'segment')) continue
    const isName = name === 'id' || name === 'version'
    setOwn(settled, name, isName ? asName(value) : withoutBigInts(value))
  }
  return settled
}

function asName(value: unknown): unknown {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))
    ? String(value)
    : value
}

/** Copied only where there are some: features, and scores by class, are one level deep. */
function withoutBigInts(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  let copy: Record<string, unknown> | null = null
  for (const name in fields) {
    const field = fields[name]
    if (typeof field !== 'bigint') continue
    copy ??= Object.defineProperties({}, Object.getOwnPropertyDescriptors(fields))
    setOwn(copy, name, Number(field))
  }
  return copy ?? value
}
