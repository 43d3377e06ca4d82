import type { Log, RecordBatch } from '../../src/log/port.ts'

/** What the first partition of these topics holds, one topic after the other. */
export async function* batchesOf(log: Log, topics: readonly string[]): AsyncGenerator<RecordBatch> {
  for (const topic of topics) {
    const { high } = (await log.offsets(topic))[0]!
    yield* log.read([{ topic, partition: 0, from: 0, to: high }])
  }
}
