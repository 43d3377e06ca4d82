import type { Logger } from 'pino'
import { DriftstreamError } from '../errors/driftstream-error.ts'

/** What all scratch files of a process may take together, and what is said when the disk takes no more. */
export class DiskRoom {
  readonly #bytesMax: number
  readonly #logger: Logger
  #bytes = 0
  #isRefused = false

  constructor(bytesMax: number, logger: Logger) {
    this.#bytesMax = bytesMax
    this.#logger = logger
  }

  /** A file of `from` bytes gets `to`; false, and nothing changes, where that is more than there may be. */
  resize(from: number, to: number): boolean {
    if (to > from && this.#bytes + to - from > this.#bytesMax) return false
    this.#bytes += to - from
    return true
  }

  /** Says so once, until the disk has taken something again. */
  refused(cause: unknown): void {
    if (this.#isRefused) return
    this.#isRefused = true
    const { code, fate, message } = new DriftstreamError(
      'JOIN_DISK_UNAVAILABLE',
      `expected to write waiting predictions to join.directory, got ${(cause as Error).message}; the oldest expire early`,
    )
    this.#logger.error({ code, fate }, message)
  }

  accepted(): void {
    if (!this.#isRefused) return
    this.#isRefused = false
    this.#logger.info('the disk takes waiting predictions again')
  }
}
