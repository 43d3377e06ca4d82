import { DriftstreamError } from '../../errors/driftstream-error.ts'
import type { Assigned, Poll, RecordBatch, TopicPartition } from '../port.ts'

/** What became of a batch: handled (the next poll came), or dropped before that and to be read again. */
export type Outcome = 'handled' | 'dropped'

interface Offer {
  readonly batch: RecordBatch
  readonly settle: (outcome: Outcome) => void
}

/**
 * Where the client, which pushes batches, meets the loop that polls for them. There is one place on the
 * table: the client waits until its batch is taken and the next poll says it is handled. That wait is the
 * back-pressure.
 */
export class Handover {
  /** Laid down, not yet taken. */
  #offered: Offer | null = null
  /** Taken by the poll before. */
  #held: Offer | null = null
  #assigned: Assigned | null = null
  #waiting: { resolve: (poll: Poll) => void; reject: (error: Error) => void } | null = null
  #failure: Error | null = null
  #closed = false
  readonly #onTaken: (batch: RecordBatch) => void

  constructor(onTaken: (batch: RecordBatch) => void) {
    this.#onTaken = onTaken
  }

  offer(batch: RecordBatch): Promise<Outcome> {
    if (this.#closed) return Promise.resolve('dropped')
    return new Promise((settle) => {
      this.#offered = { batch, settle }
      this.#serve()
    })
  }

  /**
   * Takes back a batch that nobody has seen, of any partition or of a given one; what is in somebody's
   * hands stays there.
   */
  withdraw(of?: TopicPartition): void {
    const offer = this.#offered
    if (offer === null) return
    if (of !== undefined && (of.topic !== offer.batch.topic || of.partition !== offer.batch.partition)) return
    this.#offered = null
    offer.settle('dropped')
  }

  /** Nothing that was handed over before counts any more. */
  drop(): void {
    this.withdraw()
    this.#held?.settle('dropped')
    this.#held = null
    this.#assigned = null
  }

  announce(assigned: Assigned): void {
    this.#assigned = assigned
    this.#serve()
  }

  /** Rejects the poll that waits, and every one after it. */
  fail(error: Error): void {
    this.#failure ??= error
    this.#waiting?.reject(this.#failure)
  }

  close(): void {
    this.#closed = true
    this.drop()
    this.#waiting?.resolve({ kind: 'idle' })
  }

  async poll(timeoutMs: number): Promise<Poll> {
    if (this.#closed) {
      throw new DriftstreamError('STATE_IMPOSSIBLE', 'expected an open consumer, got a poll after close')
    }
    if (this.#waiting !== null) {
      throw new DriftstreamError('STATE_IMPOSSIBLE', 'expected one poll at a time, got a second one')
    }
    this.#held?.settle('handled')
    this.#held = null
    if (this.#failure !== null) throw this.#failure
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<Poll>((resolve, reject) => {
        this.#waiting = { resolve, reject }
        this.#serve()
        timer = setTimeout(resolve, timeoutMs, { kind: 'idle' })
      })
    } finally {
      clearTimeout(timer)
      this.#waiting = null
    }
  }

  #serve(): void {
    if (this.#waiting === null || this.#held !== null) return
    if (this.#assigned !== null) {
      this.#waiting.resolve(this.#assigned)
      this.#assigned = null
      this.#waiting = null
    } else if (this.#offered !== null) {
      this.#held = this.#offered
      this.#offered = null
      this.#onTaken(this.#held.batch)
      this.#waiting.resolve({ kind: 'records', batch: this.#held.batch })
      this.#waiting = null
    }
  }
}
