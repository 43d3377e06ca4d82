import type { Position, TopicPartition } from '../port.ts'
import { partitionKey } from './partition-key.ts'

/**
 * The order in which a broker is asked for partitions: who brought records last stands last.
 *
 * A broker fills its answer in the order of the question, up to a limit. Symptom in kafkajs 2.2.4, which asks
 * in the same order each time: of a backlog in many partitions the last ones, labels among them, are not read
 * before the first ones are at their end.
 */
export class FairOrder {
  readonly #turns = new Map<string, number>()
  #turn = 0

  arrange(positions: readonly Position[]): Position[] {
    return positions.toSorted((a, b) => this.#turnOf(a) - this.#turnOf(b))
  }

  /** Takes down who brought records. */
  note(partitions: Iterable<TopicPartition>): void {
    this.#turn++
    for (const at of partitions) this.#turns.set(partitionKey(at), this.#turn)
  }

  #turnOf(at: TopicPartition): number {
    return this.#turns.get(partitionKey(at)) ?? 0
  }
}
