import clientErrors from 'kafkajs/src/errors.js'
import Connection from 'kafkajs/src/network/connection.js'
import type { SentRequest } from 'kafkajs/src/network/requestQueue/index.js'

const CHECK_MS = 100

/** What is asked before a connection serves. A broker that is silent to these was never connected. */
const GREETINGS = ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']
/** For the first of them, which a broker answers without looking anything up. */
const FIRST_WORD_MS = 5_000

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
 *
 * Time is counted in looks, not by a clock: one that is set forward, or a process that was frozen itself, has
 * waited for nothing.
 */
export function mendSilentConnections(): void {
  Connection.prototype.connect = function connect(this: Connection): Promise<unknown> {
    this.requestQueue.scheduleRequestTimeoutCheck = () => watch(this)
    return published.call(this)
  }
}

/** Looks from when a connection is open until it is closed and nothing waits on it. */
function watch(connection: Connection): void {
  const { requestQueue: queue } = connection
  queue.destroy()
  const looks = new WeakMap<object, number>()
  queue.requestTimeoutIntervalId = setInterval(() => {
    for (const request of queue.inflight.values()) {
      const waited = looks.get(request) ?? 0
      looks.set(request, waited + 1)
      if (CHECK_MS * waited <= patienceMs(request)) continue
      cut(connection, request)
      break
    }
    if (!connection.isConnected() && queue.inflight.size === 0) queue.destroy()
  }, CHECK_MS)
}

function patienceMs({ entry, requestTimeout }: SentRequest): number {
  return entry.apiName === 'ApiVersions' ? Math.min(FIRST_WORD_MS, requestTimeout) : requestTimeout
}

function cut({ host, port, requestQueue, socket }: Connection, request: SentRequest): void {
  const { apiName } = request.entry
  const why = `no answer to ${apiName} within ${patienceMs(request)} ms (${host}:${port})`
  // First, since what the client says of a cut socket names no broker to forget.
  requestQueue.rejectAll(
    GREETINGS.includes(apiName)
      ? new clientErrors.KafkaJSConnectionError(why, { broker: `${host}:${port}` })
      : new clientErrors.KafkaJSConnectionClosedError(why, { host, port }),
  )
  socket?.destroy(new Error(why))
}
