import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, LogRecord } from '../../src/log/port.ts'
import { collect, KEEP, pollRecords, pollSomething, record, textsOf } from '../conformance/log-fixture.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'

/** What the client does wrong with a real broker, beside what comes of it here. */
describeKafka('mends of the client', () => {
  const raw = new Kafka({ brokers: kafka.brokers!, clientId: 'raw', logLevel: logLevel.NOTHING })
  let log: Log

  beforeAll(async () => {
    log = await openKafkaLog({ brokers: kafka.brokers!, clientId: 'mends', connectTimeoutMs: 20_000 })
  })
  afterAll(async () => {
    await log?.close()
  })

  async function newTopic(settings: Readonly<Record<string, string>> = {}): Promise<string> {
    const topic = uniqueName('topic')
    await log.createTopics([{ topic, partitions: 1, settings: { ...KEEP, ...settings } }])
    return topic
  }

  async function send(topic: string, ...texts: string[]): Promise<void> {
    const producer = await log.openProducer()
    await producer.send(texts.map((text) => record(topic, 0, text)))
    await producer.close()
  }

  /** A transaction of another client that writes a record a send, and is aborted at the end. */
  async function openForeign(topic: string) {
    const options = { transactionalId: uniqueName('foreign'), maxInFlightRequests: 1, idempotent: true }
    const producer = raw.producer(options)
    await producer.connect()
    const transaction = await producer.transaction()
    return {
      write: (value: string, key: Buffer | null = null) =>
        transaction.send({ topic, messages: [{ partition: 0, key, value }] }),
      abort: async () => {
        await transaction.abort()
        await producer.disconnect()
      },
    }
  }

  /** What a consumer of the client itself delivers from an offset up to a text. */
  async function asPublished(topic: string, from: number, until: string): Promise<string[]> {
    const consumer = raw.consumer({ groupId: uniqueName('published'), maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    const texts: string[] = []
    await new Promise<void>((resolve) => {
      void consumer.run({
        eachMessage: async ({ message }) => {
          texts.push(String(message.value))
          if (texts.at(-1) === until) resolve()
        },
      })
      consumer.seek({ topic, partition: 0, offset: String(from) })
    })
    await consumer.disconnect()
    return texts
  }

  async function readFrom(topic: string, from: number): Promise<LogRecord[]> {
    const [{ high } = { high: 0 }] = await log.offsets(topic)
    const batches = await collect(log.read([{ topic, partition: 0, from, to: high }]))
    return batches.flatMap(({ records }) => records)
  }

  const textsFrom = async (topic: string, from: number) =>
    (await readFrom(topic, from)).map(({ value }) => `${value}`)

  it('delivers nothing of two aborted transactions to who begins behind their first records', async () => {
    const topic = await newTopic()
    const [a, b] = [await openForeign(topic), await openForeign(topic)]
    for (const text of ['0', '1', '2', '3']) {
      await a.write(`a${text}`)
      await b.write(`b${text}`)
    }
    await a.abort()
    await b.abort()
    await send(topic, 'end')
    // Offset 3 is the second record of b: the client has taken a alone off its list when it looks at it.
    expect(await asPublished(topic, 3, 'end')).toContain('b1')
    expect(await textsFrom(topic, 3)).toEqual(['end'])
    expect(await textsFrom(topic, 0)).toEqual(['end'])

    const consumer = await log.join({ group: topic, topics: [topic] })
    await pollSomething(consumer)
    consumer.seek({ topic, partition: 0, offset: 3 })
    expect(textsOf(await pollRecords(consumer, 1))).toEqual(['end'])
    await consumer.close()
  })

  it('takes no record of a producer for the end of its transaction, whatever its key', async () => {
    const topic = await newTopic()
    const foreign = await openForeign(topic)
    await foreign.write('keyed', Buffer.alloc(4))
    await foreign.write('torn')
    await foreign.abort()
    await send(topic, 'end')
    expect(await asPublished(topic, 0, 'end')).toEqual(['keyed', 'torn', 'end'])
    expect(await textsFrom(topic, 0)).toEqual(['end'])
  })

  describe.each(['gzip', 'snappy', 'lz4', 'zstd'])('batches packed by %s', (codec) => {
    it('are read as they were written', async () => {
      // The broker packs what comes: by the Java implementation of the codec.
      const topic = await newTopic({ 'compression.type': codec })
      const texts = Array.from({ length: 700 }, (_, index) => `${index} ${'drift '.repeat(index % 90)}é`)
      await send(topic, ...texts)
      expect(await textsFrom(topic, 0)).toEqual(texts)
      expect(await textsFrom(topic, 600)).toEqual(texts.slice(600))
      const consumer = await log.join({ group: topic, topics: [topic] })
      await pollSomething(consumer)
      expect(textsOf(await pollRecords(consumer, 700))).toEqual(texts)
      await consumer.close()
    })
  })

  it('hands on keys, headers and times as another client wrote them', async () => {
    const topic = await newTopic()
    const producer = raw.producer()
    await producer.connect()
    const headers = { ce_id: 'x', twice: ['1', '2'], ['__proto__']: 'p' }
    await producer.send({
      topic,
      messages: [
        { partition: 0, key: 'k', value: 'v', timestamp: '981500000123', headers },
        { partition: 0, key: null, value: null, timestamp: '981500000001' },
      ],
    })
    await producer.disconnect()
    const [first, second] = await readFrom(topic, 0)
    expect(first).toMatchObject({ offset: 0, timestamp: 981_500_000_123, key: Buffer.from('k') })
    expect(first!.headers.twice).toEqual([Buffer.from('1'), Buffer.from('2')])
    expect(Object.hasOwn(first!.headers, '__proto__')).toBe(true)
    expect(second).toMatchObject({ offset: 1, timestamp: 981_500_000_001, key: null, value: null })
  })

  describe('offsets that a transaction of the client has not committed', () => {
    /** Partitions with something to commit, as a consumer sees it after a producer's offsets were aborted. */
    async function uncommittedAfterAbort(consuming: Kafka, producing: Kafka): Promise<number> {
      const topic = await newTopic()
      await send(topic, 'a')
      const groupId = uniqueName('offsets')
      const consumer = consuming.consumer({ groupId, maxWaitTimeInMs: 100 })
      const options = { transactionalId: uniqueName('offsets'), maxInFlightRequests: 1, idempotent: true }
      const producer = producing.producer(options)
      await Promise.all([consumer.connect(), producer.connect()])
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      const { promise, resolve } = Promise.withResolvers<number>()
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ resolveOffset, uncommittedOffsets }) => {
          resolveOffset('0')
          const transaction = await producer.transaction()
          await transaction.send({ topic, messages: [{ partition: 0, value: 'aborted' }] })
          const topics = [{ topic, partitions: [{ partition: 0, offset: '1' }] }]
          await transaction.sendOffsets({ consumerGroupId: groupId, topics })
          await transaction.abort()
          resolve(uncommittedOffsets().topics.length)
        },
      })
      const seen = await promise
      await Promise.all([consumer.disconnect(), producer.disconnect()])
      expect(await log.committed(groupId, [{ topic, partition: 0 }])).toMatchObject([{ offset: 0 }])
      return seen
    }

    it('count as committed for all that came of the same Kafka object', async () => {
      const other = new Kafka({ brokers: kafka.brokers!, clientId: 'other', logLevel: logLevel.NOTHING })
      expect(await uncommittedAfterAbort(raw, raw)).toBe(0)
      expect(await uncommittedAfterAbort(raw, other)).toBe(1)
    })

    it('are known to nobody here: consumers, producers and admins have an object each', async () => {
      const topic = await newTopic()
      const made = (['consumer', 'producer', 'admin'] as const).map((kind) => vi.spyOn(Kafka.prototype, kind))
      try {
        const own = await openKafkaLog({
          brokers: kafka.brokers!,
          clientId: 'objects',
          connectTimeoutMs: 20_000,
        })
        const opened = [
          await own.join({ group: uniqueName('objects'), topics: [topic] }),
          await own.openTransactional(uniqueName('objects')),
          await own.openTransactional(uniqueName('objects')),
          await own.openProducer(),
        ]
        await own.committed(uniqueName('objects'), [{ topic, partition: 0 }])
        const objects = made.flatMap((spy) => spy.mock.contexts)
        expect(objects.length).toBeGreaterThan(opened.length)
        expect(new Set(objects).size).toBe(objects.length)
        await own.close()
      } finally {
        vi.restoreAllMocks()
      }
    })
  })
})
