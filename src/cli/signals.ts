import { EXIT } from './exit-codes.ts'

/** From the first signal, or the first failure, to the end, whatever hangs: most supervisors grant 10 s. */
const SHUTDOWN_MS = 8_000

/** What of Node's `process` is needed to stop one. */
export interface Stoppable {
  on(signal: 'SIGTERM' | 'SIGINT', listener: (signal: string) => void): unknown
  off(signal: 'SIGTERM' | 'SIGINT', listener: (signal: string) => void): unknown
  exit(code: number): void
}

/** Told what is happening to a process that ends; an end that nobody asked for is an error. */
export type TellEnding = (level: 'info' | 'error', text: string) => void

/**
 * How a process ends: the first signal asks for a clean stop, which has its time; the second ends it at once.
 * Each is told before it happens, since whoever exits has no more to say.
 */
export class Ending {
  readonly #of: Stoppable
  readonly #stop: () => void
  readonly #tell: TellEnding
  #asked = false
  #deadline: NodeJS.Timeout | null = null
  readonly #listener = (signal: string) => {
    if (this.#asked) {
      this.#tell('error', `${signal} once more: ended at once, what was not committed is read again`)
      this.#of.exit(EXIT.interrupted)
    }
    this.#asked = true
    this.#tell('info', `${signal}: stopping`)
    this.#stop()
    this.within()
  }

  constructor(of: Stoppable, stop: () => void, tell: TellEnding) {
    this.#of = of
    this.#stop = stop
    this.#tell = tell
    of.on('SIGTERM', this.#listener)
    of.on('SIGINT', this.#listener)
  }

  /** From now on what is left to do has its time, also where no signal asked: a failure must not hang. */
  within(): void {
    this.#deadline ??= setTimeout(() => {
      this.#tell('error', `expected to have stopped within ${SHUTDOWN_MS} ms, something hangs: ended with 1`)
      this.#of.exit(EXIT.failure)
    }, SHUTDOWN_MS).unref()
  }

  /** Listens no more. A deadline that was set stays: closing connections may hang as well. */
  close(): void {
    this.#of.off('SIGTERM', this.#listener)
    this.#of.off('SIGINT', this.#listener)
  }
}
