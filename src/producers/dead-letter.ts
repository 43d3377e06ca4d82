import type { DeadLetterHeaders } from '../config/options.ts'
import type { ErrorCode } from '../errors/codes.ts'
import type { Headers, HeaderValue } from '../events/headers.ts'
import type { LogRecord, OutgoingRecord, TopicPartition } from '../log/port.ts'

/** What driftstream says beside either convention: the process that refused, and the record's own time. */
export const STAGE_HEADER = 'driftstream.stage'
export const TIMESTAMP_HEADER = 'driftstream.original-timestamp'

export const CONNECT_PREFIX = '__connect.errors.'
export const SPRING_PREFIX = 'kafka_dlt-'

/** A message longer than this is cut: a header must not be larger than the record it explains. */
const MESSAGE_MAX = 2000

interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly stage: string
}

/**
 * A copy of the record as it came, key, bytes and headers untouched, with why it could not be counted and where it
 * stood, bound for a partition of the dead-letter topic. The names of the headers follow Kafka Connect or
 * Spring Kafka, so that existing tools can read them.
 */
export function deadLetter(
  record: LogRecord,
  source: TopicPartition,
  why: Refusal,
  target: TopicPartition,
  now: number,
  style: DeadLetterHeaders = 'connect',
): OutgoingRecord {
  const told = style === 'connect' ? connectHeaders(record, source, why) : springHeaders(record, source, why)
  return {
    topic: target.topic,
    partition: target.partition,
    key: copied(record.key),
    value: copied(record.value),
    timestamp: now,
    headers: {
      ...copiedHeaders(record.headers),
      ...told,
      [STAGE_HEADER]: why.stage,
      [TIMESTAMP_HEADER]: String(record.timestamp),
    },
  }
}

/** It waits for a flush, and the bytes of a fetch do not. */
const copied = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes)

function copiedHeaders(headers: Headers): Headers {
  const copyOf = (value: HeaderValue) => (typeof value === 'string' ? value : Buffer.from(value))
  const copies = Object.entries(headers).map(([name, value]) => {
    const isOne = value === undefined || typeof value === 'string' || value instanceof Uint8Array
    return [name, isOne ? value && copyOf(value) : value.map(copyOf)] as const
  })
  return Object.fromEntries(copies)
}

function connectHeaders(record: LogRecord, source: TopicPartition, why: Refusal): Headers {
  return {
    [`${CONNECT_PREFIX}topic`]: source.topic,
    [`${CONNECT_PREFIX}partition`]: String(source.partition),
    [`${CONNECT_PREFIX}offset`]: String(record.offset),
    [`${CONNECT_PREFIX}stage`]: why.stage,
    [`${CONNECT_PREFIX}exception.class.name`]: why.code,
    [`${CONNECT_PREFIX}exception.message`]: why.message.slice(0, MESSAGE_MAX),
  }
}

/** Spring writes its numbers as Java does: four or eight bytes, the highest first. */
function springHeaders(record: LogRecord, source: TopicPartition, why: Refusal): Headers {
  return {
    [`${SPRING_PREFIX}original-topic`]: source.topic,
    [`${SPRING_PREFIX}original-partition`]: javaInt(source.partition),
    [`${SPRING_PREFIX}original-offset`]: javaLong(record.offset),
    [`${SPRING_PREFIX}original-timestamp`]: javaLong(record.timestamp),
    [`${SPRING_PREFIX}original-timestamp-type`]: 'CreateTime',
    [`${SPRING_PREFIX}exception-fqcn`]: why.code,
    [`${SPRING_PREFIX}exception-message`]: why.message.slice(0, MESSAGE_MAX),
  }
}

function javaInt(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function javaLong(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(Math.trunc(value)))
  return bytes
}
