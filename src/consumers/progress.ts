import type { Position } from '../log/port.ts'

/**
 * How far one process has come: what it has consumed for good and what it has written. Whoever needs to
 * know that an input has had all its consequences waits here instead of guessing with a sleep.
 */
export class Progress {
  readonly #processed = new Map<string, number>()
  readonly #written = new Map<string, Position>()
  #busy = false
  #waiting: { positions: readonly Position[]; resolve: () => void; reject: (error: unknown) => void }[] = []
  #failure: { error: unknown } | null = null

  /** Called after a committed flush. */
  advance(processed: readonly Position[], written: readonly Position[]): void {
    for (const { topic, partition, offset } of processed)
      this.#processed.set(`${topic}\n${partition}`, offset)
    for (const position of written) this.#written.set(`${position.topic}\n${position.partition}`, position)
    this.#settle()
  }

  /** A busy process has work under way that no position shows, such as a training. */
  setBusy(busy: boolean): void {
    this.#busy = busy
    this.#settle()
  }

  /** Ends every wait, now and later: the process is gone and will reach nothing any more. */
  fail(error: unknown): void {
    this.#failure = { error }
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error)
  }

  /** One past the last record this process wrote, per topic-partition. */
  get written(): readonly Position[] {
    return [...this.#written.values()]
  }

  /** Resolves when everything before `positions` is consumed for good and no work is under way. */
  settled(positions: readonly Position[]): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure.error)
    if (this.#reached(positions)) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.push({ positions, resolve, reject }))
  }

  #reached(positions: readonly Position[]): boolean {
    if (this.#busy) return false
    return positions.every(
      ({ topic, partition, offset }) => (this.#processed.get(`${topic}\n${partition}`) ?? 0) >= offset,
    )
  }

  #settle(): void {
    const reached = this.#waiting.filter(({ positions }) => this.#reached(positions))
    if (reached.length === 0) return
    this.#waiting = this.#waiting.filter((waiter) => !reached.includes(waiter))
    for (const { resolve } of reached) resolve()
  }
}
