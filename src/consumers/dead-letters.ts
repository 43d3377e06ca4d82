import type { ErrorCode } from '../errors/codes.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { LogRecord, OutgoingRecord, TopicPartition } from '../log/port.ts'
import { deadLetter } from '../producers/dead-letter.ts'
import type { Edge } from './edge.ts'

/** Where dead letters go, and which process they come from. */
export interface DeadLetterTarget {
  readonly topic: string
  readonly partitions: number
  readonly stage: string
}

/** The records a task refused since its last flush; they are written in that flush's transaction. */
export class DeadLetters {
  readonly #target: DeadLetterTarget
  readonly #edge: Edge
  #letters: OutgoingRecord[] = []

  constructor(target: DeadLetterTarget, edge: Edge) {
    this.#target = target
    this.#edge = edge
  }

  get count(): number {
    return this.#letters.length
  }

  add(
    record: LogRecord,
    source: TopicPartition,
    why: { readonly code: ErrorCode; readonly message: string },
  ) {
    const { topic, partitions, stage } = this.#target
    const target = { topic, partition: source.partition % partitions }
    const now = this.#edge.clock.now()
    const { code, message } = why
    this.#letters.push(deadLetter(record, source, { code, message, stage }, target, now))
    const place = { topic: source.topic, partition: source.partition, offset: record.offset }
    this.#edge.logger.warn({ ...place, code }, message)
  }

  /** What `handle` makes of a record's value, or null where it threw an error whose fate is a dead letter. */
  attempt<T>(record: LogRecord, source: TopicPartition, handle: (value: LogRecord['value']) => T): T | null {
    try {
      return handle(record.value)
    } catch (error) {
      if (!(error instanceof DriftstreamError) || error.fate !== 'dead-letter') throw error
      this.add(record, source, error)
      return null
    }
  }

  take(): readonly OutgoingRecord[] {
    const taken = this.#letters
    this.#letters = []
    return taken
  }
}
