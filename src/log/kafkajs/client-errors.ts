import type { ErrorCode } from '../../errors/codes.ts'
import { DriftstreamError, type ErrorContext } from '../../errors/driftstream-error.ts'

/** What kafkajs errors carry beside the message; `type` is the broker's error name. */
interface ClientError {
  readonly name?: string
  readonly type?: string
  readonly message?: string
  readonly retriable?: boolean
  readonly cause?: unknown
}

/** Brokers answer 47 where they mean 90 (`PRODUCER_FENCED`) to clients as old as this one. */
const FENCED = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED']
/** What a broker says that has ended a transaction, or forgotten its producer, and has not fenced it yet. */
const TRANSACTION_LOST = [
  'INVALID_TXN_STATE',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'TRANSACTION_COORDINATOR_FENCED',
]
const TOPIC_MISSING = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION']
const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']
const REBALANCE = [
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]

/** The client's metadata does not hold a partition that exists. */
export class NotYetKnown extends Error {
  override readonly name = 'NotYetKnown'
}

/** Names of errors that say "nobody there", also where the client calls them final. */
const AWAY = [
  'NotYetKnown',
  'CutOff',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSLockTimeout',
]

/**
 * All that the client says of a broker that has taken a connection and not said a word over it, as the kernel
 * of a broker that is frozen does.
 */
const SILENT = 'Broker not connected'

/** The error and what caused it, outermost first: the client wraps retries around the error that matters. */
function chain(error: unknown): ClientError[] {
  const links: ClientError[] = []
  for (let link = error; typeof link === 'object' && link !== null && links.length < 10; ) {
    links.push(link)
    link = (link as ClientError).cause
  }
  return links
}

function hasType(error: unknown, types: readonly string[]): boolean {
  return chain(error).some(({ type }) => type !== undefined && types.includes(type))
}

/** A newer producer of the same transactional id exists, or the coordinator gave this one up. */
export function isFenced(error: unknown): boolean {
  return hasType(error, FENCED)
}

/** The broker knows no such transaction any more, whatever its producer thinks. */
export function isTransactionLost(error: unknown): boolean {
  return hasType(error, TRANSACTION_LOST)
}

/** This member has to join again; thrown out of a batch it makes the client do so. */
export function isRebalance(error: unknown): boolean {
  return hasType(error, REBALANCE)
}

/** Nobody answers, or who answers cannot serve just now: ask again. */
export function isAway(error: unknown): boolean {
  return chain(error).some(
    ({ name, message, type, retriable }) =>
      AWAY.includes(name ?? '') ||
      (name === 'Error' && message === SILENT) ||
      (type !== undefined && retriable === true) ||
      type === 'CONCURRENT_TRANSACTIONS',
  )
}

/** The broker knows no such user, or another password, or takes no such mechanism. */
export function isLoginRefused(error: unknown): boolean {
  return chain(error).some(({ name }) => name === 'KafkaJSSASLAuthenticationError')
}

function codeOf(error: unknown): ErrorCode {
  if (isFenced(error)) return 'PRODUCER_FENCED'
  if (isLoginRefused(error)) return 'LOGIN_REFUSED'
  if (hasType(error, TOPIC_MISSING)) return 'TOPIC_MISSING'
  if (hasType(error, TOO_LARGE)) return 'EVENT_TOO_LARGE'
  return isAway(error) ? 'LOG_UNAVAILABLE' : 'STATE_IMPOSSIBLE'
}

/** The one place where the client's errors become ours. `doing` completes "while …". */
export function translate(cause: unknown, doing: string, context: ErrorContext = {}): DriftstreamError {
  if (cause instanceof DriftstreamError) return cause
  return new DriftstreamError(codeOf(cause), `while ${doing}: ${reasonOf(cause)}`, context, { cause })
}

/** The innermost message with the broker's error name, where there is one. */
export function reasonOf(error: unknown): string {
  const links = chain(error)
  const last = links.findLast(({ message }) => message !== undefined && message !== '')
  const type = links.find((link) => link.type !== undefined)?.type
  const message = last?.message ?? String(error)
  return type === undefined ? message : `${type}: ${message}`
}
