import type { Position, TopicPartition } from '../port.ts'
import { partitionKey } from './partition-key.ts'

/**
 * Where reading stands in each assigned partition, kept beside the client's own account. The client can
 * move without telling: a batch of an older generation, a reset after retention has overtaken it. What does not continue the account is asked for again, once; if the answer
 * is the same, the log itself has moved and the account follows.
 */
export class ReadPositions {
  readonly #offsets = new Map<string, number>()
  readonly #askedAgain = new Map<string, number>()
  readonly #seek: (position: Position) => void

  constructor(seek: (position: Position) => void) {
    this.#seek = seek
  }

  has(at: TopicPartition): boolean {
    return this.#offsets.has(partitionKey(at))
  }

  clear(): void {
    this.#offsets.clear()
    this.#askedAgain.clear()
  }

  move(at: TopicPartition, offset: number): void {
    this.#offsets.set(partitionKey(at), offset)
    this.#askedAgain.delete(partitionKey(at))
  }

  /** Whether what was fetched at an offset is what comes next here. */
  continues(at: TopicPartition, fetchedOffset: number): boolean {
    const key = partitionKey(at)
    const expected = this.#offsets.get(key)
    if (expected === undefined) return false
    if (fetchedOffset === expected || this.#askedAgain.get(key) === expected) return true
    this.#askedAgain.set(key, expected)
    this.#seek({ topic: at.topic, partition: at.partition, offset: expected })
    return false
  }
}
