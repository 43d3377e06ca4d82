import { setImmediate } from 'node:timers/promises'

/** Records moved between two turns of the event loop: a few milliseconds of a consumer's work. */
const TURN_RECORDS = 5_000
/** What a call costs beside its records, so that a loop over small batches also lets go. */
const CALL_RECORDS = 50

/**
 * Lets timers, signals and sockets have their turn. A log in memory answers at once, so loops of sends and
 * polls would otherwise run from microtask to microtask and nothing else in the process ever would; one
 * real turn for every few thousand records costs next to nothing.
 */
export class EventLoopTurns {
  #spent = 0

  spend(records: number): void {
    this.#spent += records
  }

  async take(): Promise<void> {
    this.#spent += CALL_RECORDS
    if (this.#spent < TURN_RECORDS) return
    this.#spent = 0
    await setImmediate()
  }
}
