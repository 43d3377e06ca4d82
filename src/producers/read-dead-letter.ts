import { type Headers, headerText } from '../events/headers.ts'
import type { LogRecord, Position, TopicPartition } from '../log/port.ts'
import { CONNECT_PREFIX, SPRING_PREFIX, STAGE_HEADER, TIMESTAMP_HEADER } from './dead-letter.ts'

/** In a record of the dead-letter topic that is no letter: which one has been sent back. */
export const REPLAYED_HEADER = 'driftstream.replayed'
/** In a record that was sent back to its source: the dead letter it was. */
export const REPLAY_OF_HEADER = 'driftstream.replay-of'

/** A record of the dead-letter topic, taken apart. */
export interface DeadLetter {
  readonly partition: number
  readonly offset: number
  /** When it was refused, epoch ms. */
  readonly refusedAt: number
  /** Where it stood. */
  readonly source: Position
  readonly code: string
  readonly message: string
  readonly stage: string
  /** As they came, without what was written beside them when the record was refused. */
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: Headers
}

/** Names a dead letter: `2/1834`, its partition and offset on the dead-letter topic. */
export function placeOf({ partition, offset }: { partition: number; offset: number }): string {
  return `${partition}/${offset}`
}

/** The place of the letter that a record says was sent back; undefined where it says nothing such. */
export function replayedPlace({ headers }: LogRecord): string | undefined {
  return headerText(headers, REPLAYED_HEADER)
}

/** Reads either convention; null for a record that does not say where it stood. */
export function readDeadLetter(record: LogRecord, { partition }: TopicPartition): DeadLetter | null {
  const told = readConnect(record.headers) ?? readSpring(record.headers)
  if (told === null || !isPlace(told.source)) return null
  return {
    partition,
    offset: record.offset,
    refusedAt: record.timestamp,
    ...told,
    stage: headerText(record.headers, STAGE_HEADER) ?? '',
    key: record.key,
    value: record.value,
    headers: Object.fromEntries(Object.entries(record.headers).filter(([name]) => !isOurs(name))),
  }
}

type Told = Pick<DeadLetter, 'source' | 'code' | 'message'>

function readConnect(headers: Headers): Told | null {
  const text = (name: string) => headerText(headers, `${CONNECT_PREFIX}${name}`)
  const topic = text('topic')
  if (topic === undefined) return null
  return {
    source: { topic, partition: Number(text('partition')), offset: Number(text('offset')) },
    code: text('exception.class.name') ?? '',
    message: text('exception.message') ?? '',
  }
}

function readSpring(headers: Headers): Told | null {
  const text = (name: string) => headerText(headers, `${SPRING_PREFIX}${name}`)
  const topic = text('original-topic')
  if (topic === undefined) return null
  return {
    source: {
      topic,
      partition: javaNumber(headers[`${SPRING_PREFIX}original-partition`]),
      offset: javaNumber(headers[`${SPRING_PREFIX}original-offset`]),
    },
    code: text('exception-fqcn') ?? '',
    message: text('exception-message') ?? '',
  }
}

/** NaN for what is no Java int or long. */
function javaNumber(value: Headers[string]): number {
  if (!(value instanceof Uint8Array)) return Number.NaN
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  if (value.byteLength === 4) return view.getInt32(0)
  return value.byteLength === 8 ? Number(view.getBigInt64(0)) : Number.NaN
}

function isPlace({ partition, offset }: Position): boolean {
  return [partition, offset].every((number) => Number.isSafeInteger(number) && number >= 0)
}

function isOurs(name: string): boolean {
  return (
    name.startsWith(CONNECT_PREFIX) ||
    name.startsWith(SPRING_PREFIX) ||
    name === STAGE_HEADER ||
    name === TIMESTAMP_HEADER
  )
}
