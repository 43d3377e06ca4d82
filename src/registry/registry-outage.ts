import type { Logger } from 'pino'
import { DriftstreamError } from '../errors/driftstream-error.ts'

/** It is told of at its beginning, its end, and so often between. */
const TELL_MS = 30_000

/** The time during which a schema registry does not answer, or refuses to: told in the log, and bounded. */
export class RegistryOutage {
  readonly #outageMaxMs: number
  readonly #pace: { readonly pauseMs: number; readonly pauseMaxMs: number }
  readonly #logger: Logger
  #since: number | null = null
  #because = ''
  #toldAt = Number.NEGATIVE_INFINITY
  #pauseMs: number

  constructor(
    outageMaxMs: number,
    pace: { readonly pauseMs: number; readonly pauseMaxMs: number },
    logger: Logger,
  ) {
    this.#outageMaxMs = outageMaxMs
    this.#pace = pace
    this.#logger = logger
    this.#pauseMs = pace.pauseMs
  }

  get isOn(): boolean {
    return this.#since !== null
  }

  lost(reason: string): void {
    const now = performance.now()
    this.#because = reason
    if (this.#since === null || now - this.#toldAt > TELL_MS) {
      const awayMs = Math.round(now - (this.#since ?? now))
      this.#logger.warn(
        { awayMs, outageMaxMs: this.#outageMaxMs },
        `schema registry away, waiting: ${reason}`,
      )
      this.#toldAt = now
    }
    this.#since ??= now
  }

  over(): void {
    this.#pauseMs = this.#pace.pauseMs
    if (this.#since === null) return
    const awayMs = Math.round(performance.now() - this.#since)
    this.#since = null
    this.#logger.info({ awayMs }, 'schema registry answers again')
  }

  /** Between half and one and a half of what is due: processes that lost it together come back apart. */
  nextPauseMs(): number {
    const pauseMs = this.#pauseMs * (0.5 + Math.random())
    this.#pauseMs = Math.min(2 * this.#pauseMs, this.#pace.pauseMaxMs)
    return pauseMs
  }

  /** @throws SCHEMA_REGISTRY_UNAVAILABLE when it has lasted too long */
  check(): void {
    if (this.#since === null) return
    const awayMs = Math.round(performance.now() - this.#since)
    if (awayMs <= this.#outageMaxMs) return
    throw new DriftstreamError(
      'SCHEMA_REGISTRY_UNAVAILABLE',
      `expected an answer of the schema registry within ${this.#outageMaxMs} ms, it has been away for ${awayMs}: ${this.#because}`,
    )
  }
}
