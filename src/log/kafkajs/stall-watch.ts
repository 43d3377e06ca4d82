import type { Fetched } from './fetch-from-broker.ts'

/** Transactions of seconds are usual; one that holds readers up for longer is somebody's trouble. */
const STALLED_MS = 5_000

interface Stall {
  /** Where the open transaction begins. */
  readonly at: number
  readonly since: number
  told: boolean
}

/**
 * Tells of partitions whose reader waits behind a transaction that somebody left open. The broker hands out
 * nothing of what comes after it until its producer ends it or its time is up, and calls that no error; to
 * whoever reads, the stream seems to have gone silent.
 */
export class StallWatch {
  readonly #stalls = new Map<string, Stall>()
  readonly #tell: (text: string) => void
  readonly #now: () => number

  /** @param now monotonic, ms */
  constructor(tell: (text: string) => void, now: () => number = () => performance.now()) {
    this.#tell = tell
    this.#now = now
  }

  /** Takes what every fetch brought; tells once when a stall has lasted five seconds, and once when it is over. */
  note(fetched: readonly Fetched[]): void {
    const now = this.#now()
    for (const { batch, stableEnd } of fetched) {
      const place = `${batch.topic}/${batch.partition}`
      const stall = this.#stalls.get(place)
      const waits = batch.nextOffset >= stableEnd && stableEnd < batch.highWatermark
      if (!waits || stall?.at !== stableEnd) {
        if (stall?.told) this.#tell(`${place} goes on after ${Math.round(now - stall.since)} ms`)
        if (waits) this.#stalls.set(place, { at: stableEnd, since: now, told: false })
        else this.#stalls.delete(place)
      } else if (!stall.told && now - stall.since >= STALLED_MS) {
        stall.told = true
        const behind = batch.highWatermark - stableEnd
        this.#tell(
          `${place} stands still at ${stableEnd}: a transaction that somebody left open holds back ${behind} offsets`,
        )
      }
    }
  }
}
