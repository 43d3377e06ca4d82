import { Kafka, logLevel } from 'kafkajs'
import { expect, it } from 'vitest'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'

describeKafka('the provided broker', () => {
  const client = () =>
    new Kafka({ clientId: 'provided-broker', brokers: [...kafka.brokers!], logLevel: logLevel.NOTHING })

  it('answers a metadata request with a controller', async () => {
    const admin = client().admin()
    await admin.connect()
    const { brokers, controller } = await admin.describeCluster()
    await admin.disconnect()
    expect(brokers.length).toBeGreaterThanOrEqual(1)
    expect(brokers.map(({ nodeId }) => nodeId)).toContain(controller)
  })

  it('keeps a record written to a new topic and gives it back', async () => {
    const topic = uniqueName('round-trip')
    const admin = client().admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true })
    await admin.disconnect()

    const producer = client().producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({ topic, messages: [{ partition: 1, key: 'k', value: 'v', headers: { h: 'w' } }] })
    await producer.disconnect()

    const consumer = client().consumer({ groupId: uniqueName('readers'), allowAutoTopicCreation: false })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const read = new Promise((resolve) => {
      void consumer.run({
        eachMessage: async ({ partition, message }) =>
          resolve({
            partition,
            offset: message.offset,
            key: String(message.key),
            value: String(message.value),
            header: String(message.headers?.h),
          }),
      })
    })
    expect(await read).toEqual({ partition: 1, offset: '0', key: 'k', value: 'v', header: 'w' })
    await consumer.disconnect()
  })

  it('never makes a topic by accident', async () => {
    const admin = client().admin()
    await admin.connect()
    const topic = uniqueName('nobody-made-this')
    await expect(admin.fetchTopicMetadata({ topics: [topic] })).rejects.toThrow(/does not host this topic/)
    await admin.disconnect()
  })
})
