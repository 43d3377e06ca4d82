import type { Edge } from './edge.ts'

/** Well below any heartbeat interval, also on a machine that runs everything ten times slower. */
const SLICE_MS = 50

/** Work that says by itself where it can be interrupted. */
type Parts<Stop, Result> = Generator<Stop, Result, undefined>

/**
 * Divides long work, so that whatever else the process must do has its turn between two slices: heartbeats of
 * its membership, answers of brokers, probes of its health. A promise that is there already is no such turn.
 */
export class Slices {
  /** Aborted when nobody wants the work any more: for parts of it that wait for something else. */
  readonly over: AbortSignal | undefined
  readonly #alive: () => void
  #since = performance.now()

  constructor({ alive }: Pick<Edge, 'alive'>, over?: AbortSignal) {
    this.#alive = alive
    this.over = over
  }

  /** Whether the slice has lasted long enough; to be asked as often as the work can be interrupted. */
  get due(): boolean {
    return performance.now() - this.#since >= SLICE_MS
  }

  /**
   * Takes work to its end; `at` is told of every stop before others have their turn.
   * @throws the reason, when nobody wants it any more: the work is left where it was
   */
  async through<Stop, Result>(
    work: Parts<Stop, Result>,
    at: (stop: Stop) => void = () => {},
  ): Promise<Result> {
    for (;;) {
      const { done, value } = work.next()
      if (done === true) return value
      at(value)
      if (this.due) await this.turnOrGiveUp()
    }
  }

  /** One turn of the event loop; the next slice begins behind it. */
  async turn(): Promise<void> {
    this.#alive()
    await new Promise(setImmediate)
    this.#since = performance.now()
  }

  /** To be called between parts of what may be given up. @throws the reason, when nobody wants it any more */
  async turnOrGiveUp(): Promise<void> {
    if (this.due) await this.turn()
    this.over?.throwIfAborted()
  }
}
