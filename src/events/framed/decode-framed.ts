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
 * Puts what JSON has no words for in a mapped event, which is written to, into JSON's: integers beyond 2^53 are
 * the nearest number, as JSON.parse makes them, but as an id or a version they are exact, as text; a score or a
 * segment that is null is absent, which a schema can say in no other way.
 */
export function inJsonTerms(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return event
  const fields = event as Record<string, unknown>
  for (const name in fields) {
    const value = fields[name]
    const isName = name === 'id' || name === 'version'
    if (isName && isExactNumber(value)) fields[name] = String(value)
    else if (typeof value === 'bigint') fields[name] = Number(value)
    else if (value === null) {
      if (name === 'score' || name === 'segment') fields[name] = undefined
    } else if (typeof value === 'object') withoutBigInts(value as Record<string, unknown>)
  }
  return fields
}

function isExactNumber(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))
}

/** Features, and scores by class, are one level deep; what lies deeper is no event and refused as such. */
function withoutBigInts(fields: Record<string, unknown>): void {
  for (const name in fields) {
    const field = fields[name]
    if (typeof field === 'bigint') setOwn(fields, name, Number(field))
  }
}
