import { EXIT } from './exit-codes.ts'

/** From the first signal, or the first failure, to the end, whatever hangs: most supervisors grant 10 s. */
const SHUTDOWN_MS = 8_000

/** What of Node's `process` is needed to stop one. */
export interface Stoppable {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
  off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
  exit(code: number): void
}

/**
 * How a process ends: the first signal asks for a clean stop, which has its time; the second ends it at once.
 */
export class Ending {
  readonly #of: Stoppable
  readonly #stop: () => void
  #asked = false
  #deadline: NodeJS.Timeout | null = null
  readonly #listener = () => {
    if (this.#asked) this.#of.exit(EXIT.interrupted)
    this.#asked = true
    this.#stop()
    this.within()
  }

  constructor(of: Stoppable, stop: () => void) {
    this.#of = of
    this.#stop = stop
    of.on('SIGTERM', this.#listener)
    of.on('SIGINT', this.#listener)
  }

  /** From now on what is left to do has its time, also where no signal asked: a failure must not hang. */
  within(): void {
    this.#deadline ??= setTimeout(() => this.#of.exit(EXIT.failure), SHUTDOWN_MS).unref()
  }

  /** Listens no more. A deadline that was set stays: closing connections may hang as well. */
  close(): void {
    this.#of.off('SIGTERM', this.#listener)
    this.#of.off('SIGINT', this.#listener)
  }
}
