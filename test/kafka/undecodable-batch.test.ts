import { expect, it, vi } from 'vitest'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import { malformed } from '../../src/log/kafkajs/wire-reader.ts'
import { collect, KEEP, pollRecords, pollSomething, record, textsOf } from '../conformance/log-fixture.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'

vi.mock('../../src/log/kafkajs/unpack-batch.ts', () => ({
  unpack: async () => {
    throw malformed('a codec of the future', 'none')
  },
}))

/** A broker stores no batch that it cannot read itself; here the reader is made to be the one who cannot. */
describeKafka('a batch that cannot be read', () => {
  it('ends the poll and the read with its place, and nothing behind it is shown', async () => {
    const log = await openKafkaLog({
      brokers: kafka.brokers!,
      clientId: 'undecodable',
      connectTimeoutMs: 20_000,
    })
    const topic = uniqueName('topic')
    await log.createTopics([{ topic, partitions: 1, settings: KEEP }])
    const producer = await log.openProducer()
    await producer.send([record(topic, 0, 'plain')])
    const consumer = await log.join({ group: topic, topics: [topic] })
    await pollSomething(consumer)
    expect(textsOf(await pollRecords(consumer, 1))).toEqual(['plain'])

    const { Kafka, CompressionTypes, logLevel } = await import('kafkajs')
    const other = new Kafka({ brokers: kafka.brokers!, logLevel: logLevel.NOTHING }).producer()
    await other.connect()
    await other.send({
      topic,
      compression: CompressionTypes.GZIP,
      messages: [{ partition: 0, value: 'packed' }],
    })
    await other.disconnect()
    await producer.send([record(topic, 0, 'behind')])

    const refusal = { code: 'BATCH_UNDECODABLE', context: { topic, partition: 0, offset: 1 } }
    await expect(consumer.poll(10_000)).rejects.toMatchObject(refusal)
    await expect(collect(log.read([{ topic, partition: 0, from: 1, to: 3 }]))).rejects.toMatchObject(refusal)
    await consumer.close()
    await log.close()
  })
})
