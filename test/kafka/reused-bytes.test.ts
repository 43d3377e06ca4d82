import { expect, it } from 'vitest'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log } from '../../src/log/port.ts'
import { KEEP, pollSomething, record } from '../conformance/log-fixture.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'

const PARTITIONS = 2
/** Some fetches of megabytes a partition, so that memory can come round. */
const RECORDS = 480
const PADDING = 'x'.repeat(100_000)

const textOf = (partition: number, index: number) => `${partition}-${index}-${PADDING}`

/** Reads all records as a new member, each held against what was written before the next poll. */
async function readAll(log: Log, topic: string, reuseBytes: boolean) {
  const consumer = await log.join({ group: uniqueName('group'), topics: [topic], reuseBytes })
  const memory = new Set<ArrayBufferLike>()
  for (let read = 0; read < RECORDS; ) {
    const poll = await pollSomething(consumer)
    if (poll.kind !== 'records') continue
    for (const { offset, value } of poll.batch.records) {
      memory.add(value!.buffer)
      const expected = textOf(poll.batch.partition, offset)
      if (Buffer.from(value!).toString() !== expected) throw new Error(`expected ${expected.slice(0, 20)}`)
      read++
    }
  }
  await consumer.close()
  return memory.size
}

describeKafka('a member that keeps no bytes', () => {
  it('reads what was written, in memory that comes round', async () => {
    const log = await openKafkaLog({
      brokers: kafka.brokers!,
      clientId: 'reuse',
      connectTimeoutMs: 20_000,
    })
    const topic = uniqueName('topic')
    await log.createTopics([{ topic, partitions: PARTITIONS, settings: KEEP }])
    const producer = await log.openProducer()
    const all = Array.from({ length: RECORDS }, (_, index) => {
      const partition = index % PARTITIONS
      return record(topic, partition, textOf(partition, Math.floor(index / PARTITIONS)))
    })
    await producer.send(all)
    await producer.close()

    const reusing = await readAll(log, topic, true)
    const keeping = await readAll(log, topic, false)
    // One answer that is worked off, one that waits; the last ones are short and may have memory of their own.
    expect(reusing).toBeLessThanOrEqual(4)
    expect(keeping).toBeGreaterThan(reusing)
    await log.close()
  })
})
