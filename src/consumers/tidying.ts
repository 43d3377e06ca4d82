import type { Logger } from 'pino'

/** Work that clears up behind trainings. It may fail without harm, and a clean end waits for it. */
export class Tidying {
  readonly #logger: Logger
  readonly #under = new Set<Promise<void>>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  get busy(): boolean {
    return this.#under.size > 0
  }

  track(work: Promise<void>): void {
    const tidied = work.catch((error: unknown) => {
      this.#logger.warn({ error: String(error) }, 'a training could not be tidied up')
    })
    const tracked = tidied.finally(() => this.#under.delete(tracked))
    this.#under.add(tracked)
  }

  async done(): Promise<void> {
    await Promise.all(this.#under)
  }
}
