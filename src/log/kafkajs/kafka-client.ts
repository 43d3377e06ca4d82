import { Kafka, logLevel, type RetryOptions } from 'kafkajs'
import { AnswerMemory } from './answer-memory.ts'
import { type ConnectionSecurity, clientSecurity } from './connection-security.ts'
import { isExpected } from './expected-words.ts'
import { mendAnswerCopies } from './mend-answer-copies.ts'
import { mendIdleTimer } from './mend-idle-timer.ts'
import { mendSilentConnections } from './mend-silent-connections.ts'
import { expectPinnedClient } from './pinned-client.ts'
import { SeverableSockets } from './severable-sockets.ts'
import { within } from './within.ts'

export type ClientLogLevel = 'error' | 'warn'

// Before anything of the client is used: its insides are.
expectPinnedClient()

/** How the broker is reached, the same for every client of one log. */
export interface KafkaConnection {
  /** `host:port` of one broker or more; the others are learned from it. */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly connectTimeoutMs: number
  readonly security: ConnectionSecurity
  /** Told what the client itself logs, which is written nowhere else. */
  readonly onClientLog: (level: ClientLogLevel, text: string) => void
}

/**
 * About ten seconds of patience. It starts low because the transaction coordinator answers "not yet" for
 * some milliseconds after every commit, and the first retry decides how long back-to-back flushes take.
 */
export const CLIENT_RETRY: RetryOptions = {
  initialRetryTime: 20,
  multiplier: 2,
  factor: 0.2,
  maxRetryTime: 2_000,
  retries: 11,
}

const CONNECT_MAX_MS = 3_000
/**
 * How long one request may go without an answer. Longer than a controller takes to declare a broker dead (9 s
 * by default): until then a leader holds back what the dead one should have a copy of. A join has more.
 */
const REQUEST_MAX_MS = 15_000
const CLOSE_PATIENCE_MS = 3_000
/** From the cut of a client's connections to the end of all that waited on them. */
const CUT_MAX_MS = 5_000

/**
 * One `Kafka` object of the client, for one consumer, producer or admin. They never share one: `sendOffsets`
 * marks offsets as committed, in a map shared by all that came of one `Kafka`, before they are.
 */
export class KafkaClient {
  readonly kafka: Kafka
  /** For what concerns the same people as the client's own warnings. */
  readonly tell: KafkaConnection['onClientLog']
  /** Of what its brokers answer. */
  readonly answers = new AnswerMemory()
  readonly #sockets = new SeverableSockets(this.answers)

  constructor(
    { brokers, clientId, connectTimeoutMs, security, onClientLog }: KafkaConnection,
    retry: RetryOptions = CLIENT_RETRY,
  ) {
    mendIdleTimer()
    mendAnswerCopies()
    mendSilentConnections()
    this.tell = onClientLog
    this.kafka = new Kafka({
      brokers: [...brokers],
      clientId,
      connectionTimeout: Math.min(connectTimeoutMs, CONNECT_MAX_MS),
      requestTimeout: REQUEST_MAX_MS,
      socketFactory: this.#sockets.factory,
      ...clientSecurity(security),
      retry,
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => {
        const { message, error } = entry.log as { message: string; error?: unknown }
        const text = typeof error === 'string' ? `${message}: ${error}` : message
        if (isExpected(text)) return
        onClientLog(entry.level === logLevel.ERROR ? 'error' : 'warn', `${entry.namespace}: ${text}`)
      },
    })
  }

  /** Cuts every connection, now and from now on: what waits for an answer fails, and the client has served. */
  sever(): void {
    this.#sockets.sever()
  }

  /**
   * Disconnects politely, and after some seconds (or at once, when told) by cutting the connections. Either
   * way the client has served.
   */
  async close(connected: { disconnect(): Promise<void> }, patienceMs = CLOSE_PATIENCE_MS): Promise<void> {
    const timer = setTimeout(() => this.sever(), patienceMs)
    // A connection that is gone already needs no goodbye, and whoever waits for one that no cut ends waits in vain.
    await within(patienceMs + CUT_MAX_MS, connected.disconnect()).catch(() => {})
    clearTimeout(timer)
    this.#sockets.release()
  }
}
