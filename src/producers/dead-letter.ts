import type { ErrorCode } from '../errors/codes.ts'
import type { LogRecord, OutgoingRecord, TopicPartition } from '../log/port.ts'

/** Header names follow Kafka Connect's dead-letter convention, so existing tools can read them. */
const PREFIX = '__connect.errors.'

/** A message longer than this is cut: a header must not be larger than the record it explains. */
const MESSAGE_MAX = 2000

/**
 * The record as it came, key, bytes and headers untouched, with why it could not be counted and where it
 * stood, bound for a partition of the dead-letter topic.
 */
export function deadLetter(
  record: LogRecord,
  source: TopicPartition,
  why: { readonly code: ErrorCode; readonly message: string; readonly stage: string },
  target: TopicPartition,
  now: number,
): OutgoingRecord {
  return {
    ...target,
    key: record.key,
    value: record.value,
    timestamp: now,
    headers: {
      ...record.headers,
      [`${PREFIX}topic`]: source.topic,
      [`${PREFIX}partition`]: String(source.partition),
      [`${PREFIX}offset`]: String(record.offset),
      [`${PREFIX}stage`]: why.stage,
      [`${PREFIX}exception.class.name`]: why.code,
      [`${PREFIX}exception.message`]: why.message.slice(0, MESSAGE_MAX),
    },
  }
}
