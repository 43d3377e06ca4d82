import type { Follower, Position, RecordBatch } from '../port.ts'
import { InTurn } from './in-turn.ts'
import type { PartitionReader } from './partition-reader.ts'
import { readUntil, type Stretch } from './read-until.ts'

/**
 * Commits become visible partition by partition, some milliseconds after they are confirmed; so a catch-up
 * waits for what is written and not yet visible. A transaction whose producer died is not waited for.
 */
const VISIBLE_WITHIN_MS = 1_000

/** Follows whole topics. A catch-up with nothing new costs one request a topic and broker. */
export class KafkaFollower implements Follower {
  readonly #reader: PartitionReader
  readonly #catchUps = new InTurn()
  #positions: readonly Position[]

  /** @param positions where to start, of every partition */
  constructor(reader: PartitionReader, positions: readonly Position[]) {
    this.#reader = reader
    this.#positions = positions
  }

  catchUp(): Promise<readonly RecordBatch[]> {
    return this.#catchUps.run(async () => {
      const stretches = await this.#stretches()
      const batches: RecordBatch[] = []
      for await (const batch of readUntil(this.#reader, stretches, VISIBLE_WITHIN_MS)) batches.push(batch)
      // Only now: what a failed catch-up had read already is read again by the next.
      this.#positions = stretches
      return batches
    })
  }

  /** The reader belongs to the log; there is nothing else to let go. */
  async close(): Promise<void> {}

  async #stretches(): Promise<Stretch[]> {
    const byTopic = Map.groupBy(this.#positions, ({ topic }) => topic)
    const ofTopics = [...byTopic].map(async ([topic, positions]) => {
      const ends = await this.#reader.ends(
        topic,
        positions.map(({ partition }) => partition),
      )
      return positions.map((position, index) => ({ ...position, end: ends[index]!.offset }))
    })
    return (await Promise.all(ofTopics)).flat()
  }
}
