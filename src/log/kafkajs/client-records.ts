import type { IHeaders, Message } from 'kafkajs'
import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { Headers, HeaderValue } from '../../events/headers.ts'
import type { OutgoingRecord } from '../port.ts'

/** The client writes offsets as decimal text. @throws STATE_IMPOSSIBLE beyond 2^53 */
export function offsetOf(text: string): number {
  const offset = Number(text)
  if (!Number.isSafeInteger(offset)) {
    throw new DriftstreamError('STATE_IMPOSSIBLE', `expected an offset below 2^53, got ${text}`)
  }
  return offset
}

/** A view, not a copy. The client takes any other byte array for text and writes it as `"1,2,3"`. */
function bytes(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

function headerBytes(value: HeaderValue): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : bytes(value)
}

function outgoingHeaders(headers: Headers): IHeaders {
  const outgoing: IHeaders = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    outgoing[name] = Array.isArray(value)
      ? (value as readonly HeaderValue[]).map(headerBytes)
      : headerBytes(value as HeaderValue)
  }
  return outgoing
}

/** The message as the client sends it, and about as many bytes as it takes in a record batch. */
export function toMessage(record: OutgoingRecord): {
  message: Message & { partition: number }
  size: number
} {
  const key = record.key === null ? null : bytes(record.key)
  const value = record.value === null ? null : bytes(record.value)
  const message = { partition: record.partition, timestamp: String(record.timestamp), key, value }
  const size = RECORD_OVERHEAD + (key?.length ?? 0) + (value?.length ?? 0)
  if (record.headers === undefined) return { message, size }
  const headers = outgoingHeaders(record.headers)
  return { message: { ...message, headers }, size: size + headersSize(headers) }
}

/** Length, attributes and the deltas of timestamp and offset, at their longest. */
const RECORD_OVERHEAD = 40
const HEADER_OVERHEAD = 10

function headersSize(headers: IHeaders): number {
  let size = 0
  for (const [name, value] of Object.entries(headers)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      size += HEADER_OVERHEAD + name.length * 3 + (each?.length ?? 0)
    }
  }
  return size
}
