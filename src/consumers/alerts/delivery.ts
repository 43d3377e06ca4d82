import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { AlertSinkOptions } from '../../config/alert-options.ts'
import type { AlertEvent } from '../../events/alert-event.ts'
import { METRICS } from '../../metrics/catalogue.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { type AlertSink, DeliveryRefused, NotBefore } from './alert-sink.ts'
import { RateLimit } from './rate-limit.ts'

const PAUSE_MAX_MS = 30_000

/** How deliveries of one sink go; shared by the tasks of a process, so that its limit holds for all of them. */
export class Delivery {
  readonly options: AlertSinkOptions
  readonly #sink: AlertSink
  readonly #metrics: Metrics
  readonly #logger: Logger
  readonly #limit: RateLimit
  readonly #firstPauseMs: number
  /** Left out by the limit since one was delivered. */
  #suppressed = 0

  constructor(
    options: AlertSinkOptions,
    sink: AlertSink,
    { metrics, logger }: { readonly metrics: Metrics; readonly logger: Logger },
    firstPauseMs = 1_000,
  ) {
    this.options = options
    this.#sink = sink
    this.#metrics = metrics
    this.#logger = logger.child({ sink: options.name })
    this.#limit = new RateLimit(options.atMost, options.perMs)
    this.#firstPauseMs = firstPauseMs
  }

  /**
   * Delivers, or says why not: what is old, too much, or cannot be delivered is counted and left behind, since a
   * dead receiver must not stop the others. Returns early, with nothing decided, when `signal` aborts.
   * @param ageMs how long the event has been in the log
   */
  async deliver(alert: AlertEvent, ageMs: number, signal: AbortSignal): Promise<void> {
    const { staleAfterMs } = this.options
    const told = { alert: alert.id, model: alert.model, title: alert.title }
    if (ageMs > staleAfterMs) {
      this.#count('stale')
      this.#logger.info({ ...told, ageMs, staleAfterMs }, 'old news: not delivered')
      return
    }
    if (!this.#limit.take(performance.now())) {
      this.#suppressed++
      this.#count('limited')
      this.#logger.warn({ ...told, suppressed: this.#suppressed }, 'too many alerts: not delivered')
      return
    }
    const suppressed = this.#suppressed
    const failure = await this.#attempts(alert, suppressed, signal)
    if (signal.aborted) return
    if (failure === null) {
      this.#suppressed -= suppressed
      this.#count('delivered')
    } else {
      this.#count('failed')
      this.#logger.error({ ...told, reason: failure }, 'an alert could not be delivered, and is given up')
    }
  }

  /** Null when it arrived; the last reason when it never will. */
  async #attempts(alert: AlertEvent, suppressed: number, signal: AbortSignal): Promise<string | null> {
    const startedAt = performance.now()
    for (let attempt = 0; ; attempt++) {
      this.#metrics.add(METRICS.alertAttempts, { sink: this.options.name })
      try {
        await this.#sink.deliver(alert, suppressed, signal)
        return null
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        if (error instanceof DeliveryRefused || signal.aborted) return reason
        // Between half and one and a half: processes that failed together come back apart.
        const dueMs = Math.min(PAUSE_MAX_MS, this.#firstPauseMs * 2 ** attempt)
        const waitMs = error instanceof NotBefore ? error.waitMs + this.#firstPauseMs * Math.random() : 0
        const pauseMs = Math.max(waitMs, dueMs * (0.5 + Math.random()))
        if (performance.now() - startedAt + pauseMs > this.options.giveUpAfterMs) return reason
        this.#logger.warn(
          { alert: alert.id, attempt: attempt + 1, pauseMs: Math.round(pauseMs), reason },
          'an alert was not taken: again',
        )
        await sleep(pauseMs, undefined, { signal }).catch(() => {})
      }
    }
  }

  #count(outcome: 'delivered' | 'failed' | 'limited' | 'stale'): void {
    this.#metrics.add(METRICS.alerts, { sink: this.options.name, outcome })
  }
}
