import { DriftstreamError } from '../../errors/driftstream-error.ts'
import { parseJson } from '../cloud-event.ts'
import { compileAvro } from './avro.ts'
import { compileProtobuf, type NamedSchema } from './protobuf.ts'

/** A schema as a registry hands it out. */
export interface RegisteredSchema {
  /** `AVRO`, `JSON` or `PROTOBUF`. */
  readonly type: string
  readonly text: string
  /** What it refers to, each after what it refers to itself. */
  readonly references: readonly NamedSchema[]
}

/** From a payload to the value that JSON would have had. @throws EVENT_UNDECODABLE */
export type PayloadDecoder = (payload: Uint8Array) => unknown

/**
 * The decoder of what is written with a schema. JSON is not held against its schema: that is the producer's
 * to do, and what is needed of an event is checked of every event.
 * @throws SCHEMA_INVALID
 */
export function compileSchema({ type, text, references }: RegisteredSchema): PayloadDecoder {
  if (type === 'JSON') return parseJson
  if (type === 'PROTOBUF') return compileProtobuf(text, references)
  if (type === 'AVRO') {
    return compileAvro(
      text,
      references.map((reference) => reference.text),
    )
  }
  throw new DriftstreamError('SCHEMA_INVALID', `expected AVRO, JSON or PROTOBUF, got ${type.slice(0, 60)}`)
}
