import { expect, it } from 'vitest'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import { KEEP, pollSomething, record } from '../conformance/log-fixture.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'

const PARTITIONS = 6
/** Together far more than the 10 MiB of one fetch, and each more than its part of it. */
const RECORDS_EACH = 50
const TEXT = 'x'.repeat(100_000)

describeKafka('a backlog of more than a fetch', () => {
  it('is read in all partitions from the beginning', async () => {
    const log = await openKafkaLog({
      brokers: kafka.brokers!,
      clientId: 'backlog',
      connectTimeoutMs: 20_000,
    })
    // Another topic behind it, as labels stand behind features.
    const [first, second] = [uniqueName('first'), uniqueName('second')]
    const topics = [first, second].map((topic) => ({ topic, partitions: PARTITIONS, settings: KEEP }))
    await log.createTopics(topics)
    const producer = await log.openProducer()
    for (let partition = 0; partition < PARTITIONS; partition++) {
      await producer.send(Array.from({ length: RECORDS_EACH }, () => record(first, partition, TEXT)))
      await producer.send([record(second, partition, 'y')])
    }
    await producer.close()

    const consumer = await log.join({ group: uniqueName('group'), topics: [first, second] })
    const begun = new Set<string>()
    for (let isOneRead = false; !isOneRead; ) {
      const poll = await pollSomething(consumer)
      if (poll.kind !== 'records') continue
      const { topic, partition, nextOffset } = poll.batch
      begun.add(`${topic}/${partition}`)
      isOneRead = topic === first && nextOffset === RECORDS_EACH
    }
    const all = topics.flatMap(({ topic }) => Array.from({ length: PARTITIONS }, (_, at) => `${topic}/${at}`))
    expect([...begun].sort()).toEqual(all.sort())
    await consumer.close()
    await log.close()
  })
})
