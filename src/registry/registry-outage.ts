import type { Logger } from 'pino'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { GrowingPause } from '../log/growing-pause.ts'

/** It is told of at its beginning, its end, and so often between. */
const TELL_MS = 30_000

/** The time during which a schema registry does not answer, or refuses to: told in the log, and bounded. */
export class RegistryOutage {
  readonly #outageMaxMs: number
  readonly #pauses: GrowingPause
  readonly #logger: Logger
  #since: number | null = null
  #because = ''
  #toldAt = Number.NEGATIVE_INFINITY

  constructor(
    outageMaxMs: number,
    pace: { readonly pauseMs: number; readonly pauseMaxMs: number },
    logger: Logger,
  ) {
    this.#outageMaxMs = outageMaxMs
    this.#pauses = new GrowingPause(pace.pauseMs, pace.pauseMaxMs)
    this.#logger = logger
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
    this.#pauses.reset()
    if (this.#since === null) return
    const awayMs = Math.round(performance.now() - this.#since)
    this.#since = null
    this.#logger.info({ awayMs }, 'schema registry answers again')
  }

  nextPauseMs(): number {
    return this.#pauses.next()
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
