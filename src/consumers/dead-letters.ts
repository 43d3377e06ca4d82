import type { DeadLetterOptions } from '../config/options.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { LogRecord, OutgoingRecord, RecordBatch, TopicPartition } from '../log/port.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { Tally } from '../metrics/tally.ts'
import { deadLetter } from '../producers/dead-letter.ts'
import type { Edge } from './edge.ts'
import { RefusalCap } from './refusal-cap.ts'

/** Where dead letters go, how they are headed, and which process they come from. */
export interface DeadLetterTarget {
  readonly topic: string
  readonly partitions: number
  readonly stage: string
  readonly options: DeadLetterOptions
}

/** The records a task refused since its last flush; they are written in that flush's transaction. */
export class DeadLetters {
  readonly #target: DeadLetterTarget
  readonly #edge: Edge
  readonly #tally: Tally
  readonly #cap: RefusalCap
  #letters: OutgoingRecord[] = []
  /** Of them, those that came before the batch in hand. */
  #noted = 0
  #isOpen = false

  constructor(target: DeadLetterTarget, edge: Edge, tally: Tally) {
    this.#tally = tally
    this.#target = target
    this.#edge = edge
    this.#cap = new RefusalCap(target.options)
  }

  get count(): number {
    return this.#letters.length
  }

  /**
   * From now on what is refused is written and told. Before that a task's state is being rebuilt: the past is
   * refused once more, of which people have heard, and which is on the topic.
   */
  open(): void {
    this.#isOpen = true
  }

  /** So much of what came last was refused that the task should read no further for now. */
  get paused(): boolean {
    return this.#cap.isPaused(this.#edge.clock.now())
  }

  /** Holds what was refused of a batch against the cap, and says so where it is too much. */
  capAfter({ topic, partition, records }: RecordBatch): void {
    const refused = this.#letters.length - this.#noted
    this.#noted = this.#letters.length
    const share = this.#cap.note(records.length, refused, this.#edge.clock.now())
    if (share === null) return
    const { shareMax, pauseMs } = this.#target.options
    const percent = (part: number) => `${(100 * part).toFixed(1)} %`
    this.#edge.logger.error(
      { topic, partition, refusedShare: share, shareMax, pauseMs },
      `${percent(share)} of the last records were refused, more than ${percent(shareMax)}: the task reads no further for ${pauseMs} ms`,
    )
  }

  add(
    record: LogRecord,
    source: TopicPartition,
    why: { readonly code: ErrorCode; readonly message: string },
  ) {
    if (!this.#isOpen) return
    const { topic, partitions, stage, options } = this.#target
    const target = { topic, partition: source.partition % partitions }
    const now = this.#edge.clock.now()
    const { code, message } = why
    this.#letters.push(deadLetter(record, source, { code, message, stage }, target, now, options.headers))
    this.#tally.add(METRICS.recordsRefused, { process: stage, code })
    const place = { topic: source.topic, partition: source.partition, offset: record.offset }
    this.#edge.logger.warn({ ...place, code }, message)
  }

  /** What `handle` makes of a record, or null where it threw an error whose fate is a dead letter. */
  attempt<T>(record: LogRecord, source: TopicPartition, handle: (record: LogRecord) => T): T | null {
    try {
      return handle(record)
    } catch (error) {
      if (!(error instanceof DriftstreamError) || error.fate !== 'dead-letter') throw error
      this.add(record, source, error)
      return null
    }
  }

  /** The same for what takes time. */
  async attemptLater<T>(
    record: LogRecord,
    source: TopicPartition,
    handle: () => Promise<T>,
  ): Promise<T | null> {
    try {
      return await handle()
    } catch (error) {
      return this.attempt(record, source, () => {
        throw error
      })
    }
  }

  take(): readonly OutgoingRecord[] {
    const taken = this.#letters
    this.#letters = []
    this.#noted = 0
    return taken
  }
}
