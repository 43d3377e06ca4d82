/**
 * The frame of a schema registry: a byte 0, the schema's id in four bytes, most significant first, then the
 * payload. No JSON begins with a byte 0, so both may lie in one topic.
 * Source: Confluent, "Formats, Serializers, and Deserializers for Schema Registry", wire format.
 */
const MAGIC = 0
export const FRAME_BYTES = 5

/** Is this framed, or the beginning of a frame? */
export function isFramed(value: Uint8Array | null): value is Uint8Array {
  return value !== null && value[0] === MAGIC
}

/** The id of the schema, of something framed; null where the frame is cut off. */
export function schemaIdOf(framed: Uint8Array): number | null {
  if (framed.length < FRAME_BYTES) return null
  return ((framed[1]! << 24) | (framed[2]! << 16) | (framed[3]! << 8) | framed[4]!) >>> 0
}
