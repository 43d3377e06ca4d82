import clientErrors from 'kafkajs/src/errors.js'
import Connection from 'kafkajs/src/network/connection.js'
import type { SentRequest } from 'kafkajs/src/network/requestQueue/index.js'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'

const CHECK_MS = 100

/** What is asked before a connection serves. A broker that is silent to these was never connected. */
const GREETINGS = ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']
/** For the first of them, which a broker answers without looking anything up. */
const FIRST_WORD_MS = 5_000

/**
 * So long nobody of this process turns to a broker that said nothing to one of them: time enough for all to learn
 * who leads now, and little against the time that silence took already.
 */
const AVOIDED_MS = 10_000

/** What is no news: the connection that waited has told why. */
export const SILENT_TO_OTHERS = 'it says nothing to others'

const NOT_COORDINATOR = 16

/** Until when a broker is avoided, by `host:port`, monotonic ms. */
const avoidedUntil = new Map<string, number>()

/** Who looks after a connection. */
const watches = new WeakMap<Connection, NodeJS.Timeout>()

const published = Connection.prototype.connect

/**
 * Mends how kafkajs 2.2.4 meets a broker that keeps its connections and says nothing: a process that is
 * frozen, a machine that has gone without a word.
 *
 * Symptom: a producer, consumer or reader asks the silent broker again and again, for as long as its patience
 * is each time, while another broker has long been leading its partitions. Cause: a request whose time is up
 * leaves its connection as it is and ends in an error (`KafkaJSRequestTimeoutError`) at which nobody looks for
 * another leader; only a connection that is closed makes the client forget a broker.
 * Mend: a connection on which a request's time is up is cut, and all that wait on it hear that it is closed, or
 * where it was only beginning, that there is none, which makes the client try the next address of its list. No
 * answer is lost by that: a broker answers in the order in which it was asked.
 * What one connection has learned holds for all of this process: for some seconds the broker is as good as dead,
 * its other connections are cut and new ones refused. Otherwise each client, and each of its questions, takes its
 * own time to learn it, one after the other.
 *
 * Time is counted in looks, not by a clock: one that is set forward, or a process that was frozen itself, has
 * waited for nothing.
 */
export function mendSilentConnections(): void {
  Connection.prototype.connect = function connect(this: Connection): Promise<unknown> {
    this.requestQueue.scheduleRequestTimeoutCheck = () => watch(this)
    if (this.isConnected() || !isAvoided(this)) return published.call(this)
    return Promise.reject(refused(this, 'it said nothing just now'))
  }
}

/**
 * Looks from when a connection is open until it is closed and nothing waits on it. Only the first in line waits
 * for the broker; those behind it wait for the first, which may be a join that other members hold up.
 *
 * The client's own check ends with the connection, and leaves who asked in that very moment waiting for ever:
 * while it is closing a connection still counts as open, and takes requests that nobody sends.
 */
function watch(connection: Connection): void {
  clearInterval(watches.get(connection))
  const { requestQueue: queue } = connection
  let first: SentRequest | undefined
  let looks = 0
  const timer = setInterval(() => {
    if (connection.isConnected() && isAvoided(connection)) cut(connection, SILENT_TO_OTHERS)
    const [next] = queue.inflight.values()
    looks = next === first ? looks + 1 : 0
    first = next
    if (first !== undefined && connection.socket?.destroyed === true)
      cut(connection, 'the connection is gone')
    else if (first !== undefined && CHECK_MS * looks > patienceMs(first)) {
      avoidedUntil.set(addressOf(connection), performance.now() + AVOIDED_MS)
      cut(connection, `no answer to ${first.entry.apiName} within ${patienceMs(first)} ms`)
    }
    if (!connection.isConnected() && queue.inflight.size === 0) clearInterval(timer)
  }, CHECK_MS)
  watches.set(connection, timer)
}

function patienceMs({ entry, requestTimeout }: SentRequest): number {
  return entry.apiName === 'ApiVersions' ? Math.min(FIRST_WORD_MS, requestTimeout) : requestTimeout
}

function cut(connection: Connection, why: string): void {
  const { host, port, requestQueue: queue, socket } = connection
  for (const [id, request] of queue.inflight) {
    if (request.entry.apiName !== 'Heartbeat') continue
    queue.inflight.delete(id)
    // Else the member would go on asking where it lost its place long ago; this makes it look for another.
    request.rejected(createErrorFromCode(NOT_COORDINATOR))
  }
  const isNew = [...queue.inflight.values()].some(({ entry }) => GREETINGS.includes(entry.apiName))
  // First, since what the client says of a cut socket names no broker to forget.
  queue.rejectAll(
    isNew
      ? refused(connection, why)
      : new clientErrors.KafkaJSConnectionClosedError(`${addressOf(connection)}: ${why}`, { host, port }),
  )
  socket?.destroy(new Error(`${addressOf(connection)}: ${why}`))
}

/** What the client is told of a port at which nobody listens. */
function refused(connection: Connection, why: string): Error {
  const broker = addressOf(connection)
  return new clientErrors.KafkaJSConnectionError(`${broker}: ${why}`, { broker, code: 'ECONNREFUSED' })
}

function isAvoided(connection: Connection): boolean {
  return performance.now() < (avoidedUntil.get(addressOf(connection)) ?? 0)
}

function addressOf({ host, port }: Connection): string {
  return `${host}:${port}`
}
