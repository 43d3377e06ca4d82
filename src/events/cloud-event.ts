import type { z } from 'zod'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { type Headers, headerText } from './headers.ts'
import { parseEvent } from './parse-event.ts'

/**
 * CloudEvents 1.0, Kafka binding, binary mode: attributes are `ce_*` headers, the value is the JSON data.
 * Source: cloudevents.io, "Kafka Protocol Binding for CloudEvents" 1.0.2. Written here because the SDK's
 * `toEvent` throws on the header bytes a Kafka client delivers.
 */
export interface CloudEventType<T> {
  /** Reverse-DNS name with the major version last, e.g. `io.driftstream.retrain.requested.v1`. */
  readonly type: string
  readonly schema: z.ZodType<T>
}

/** What identifies an event: `source` and `id` together are unique, so a repeat can be recognised. */
export interface CloudEventIdentity {
  readonly id: string
  readonly source: string
  readonly subject: string
  /** Epoch milliseconds. */
  readonly at: number
}

export interface EncodedCloudEvent {
  readonly value: Uint8Array
  readonly headers: Headers
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

export function encodeCloudEvent<T>(
  type: CloudEventType<T>,
  identity: CloudEventIdentity,
  data: T,
): EncodedCloudEvent {
  return {
    value: Buffer.from(JSON.stringify(data)),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_type: type.type,
      ce_source: identity.source,
      ce_id: identity.id,
      ce_subject: identity.subject,
      ce_time: new Date(identity.at).toISOString(),
    },
  }
}

/**
 * Decodes a value of the given type. The `ce_type` header, where present, must name the type: topics are
 * shared by mistake more often than by design.
 * @throws EVENT_UNDECODABLE (bytes are no JSON), EVENT_INVALID (another type, or the schema is not met)
 */
export function decodeCloudEvent<T>(type: CloudEventType<T>, value: Uint8Array | null, headers: Headers): T {
  const name = headerText(headers, 'ce_type')
  if (name !== undefined && name !== type.type) {
    throw new DriftstreamError('EVENT_INVALID', `expected ce_type ${type.type}, got ${name}`)
  }
  return parseEvent(type.schema, parseJson(value))
}

/** @throws EVENT_UNDECODABLE when the value is null, no UTF-8, or no JSON */
export function parseJson(value: Uint8Array | null): unknown {
  if (value === null) throw new DriftstreamError('EVENT_UNDECODABLE', 'expected JSON, got a null value')
  try {
    return JSON.parse(decodeUtf8(value))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DriftstreamError(
      'EVENT_UNDECODABLE',
      `expected UTF-8 JSON, got ${value.length} bytes: ${reason}`,
      {},
      { cause },
    )
  }
}

/**
 * A Buffer decodes at a fraction of the cost of a strict decoder, but writes U+FFFD for bytes that are no
 * UTF-8; only a text that holds one is decoded again, strictly.
 * @throws TypeError for bytes that are no UTF-8
 */
export function decodeUtf8(value: Uint8Array): string {
  const bytes = value instanceof Buffer ? value : Buffer.from(value.buffer, value.byteOffset, value.length)
  const text = bytes.toString('utf8')
  return text.includes('\uFFFD') ? strictUtf8.decode(value) : text
}
