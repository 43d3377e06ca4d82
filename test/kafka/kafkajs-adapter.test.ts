import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log } from '../../src/log/port.ts'
import {
  collect,
  KEEP,
  pollAssigned,
  pollRecords,
  pollSomething,
  record,
  textsOf,
} from '../conformance/log-fixture.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'

/** What a broker does that no log in memory can show. */
describeKafka('the kafkajs adapter', () => {
  const raw = () =>
    new Kafka({
      brokers: kafka.brokers!,
      clientId: 'raw',
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 20 },
    })
  const open = () => openKafkaLog({ brokers: kafka.brokers!, clientId: 'adapter', connectTimeoutMs: 20_000 })
  let log: Log

  beforeAll(async () => {
    log = await open()
  })
  afterAll(async () => {
    await log?.close()
  })

  async function newTopic(partitions = 1): Promise<string> {
    const topic = uniqueName('topic')
    await log.createTopics([{ topic, partitions, settings: KEEP }])
    return topic
  }

  async function send(topic: string, ...texts: string[]): Promise<void> {
    const producer = await log.openProducer()
    await producer.send(texts.map((text) => record(topic, 0, text)))
    await producer.close()
  }

  async function deleteRecordsBefore(topic: string, offset: number): Promise<void> {
    const admin = raw().admin()
    await admin.connect()
    // The client deletes records of no topic whose metadata it has not loaded.
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] })
    await admin.disconnect()
  }

  /** A transaction of another client that has written and not yet ended. */
  async function openTransaction(topic: string, text: string) {
    const producer = raw().producer({
      transactionalId: uniqueName('foreign'),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ partition: 0, value: text }] })
    return {
      commit: () => transaction.commit(),
      abort: () => transaction.abort(),
      close: () => producer.disconnect(),
    }
  }

  it('names the addresses when nobody listens there', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    const options = { brokers: [`127.0.0.1:${port}`], clientId: 'nobody', connectTimeoutMs: 500 }
    await expect(openKafkaLog(options)).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringContaining(`127.0.0.1:${port} within 500 ms`),
    })
  })

  it('tells why it was turned away, also where its last attempt met silence', async () => {
    const sockets: { destroy(): void }[] = []
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}))
      if (sockets.length === 1) socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const options = { brokers: [`127.0.0.1:${port}`], clientId: 'turned-away', connectTimeoutMs: 700 }
    await expect(openKafkaLog(options)).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.not.stringContaining('no answer'),
    })
    expect(sockets.length).toBeGreaterThan(1)
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  it('gives up in time on a port that is open and says nothing', async () => {
    const sockets: { destroy(): void }[] = []
    const server = createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const started = performance.now()
    const options = { brokers: [`127.0.0.1:${port}`], clientId: 'silence', connectTimeoutMs: 700 }
    await expect(openKafkaLog(options)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' })
    expect(performance.now() - started).toBeLessThan(3_000)
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  it('writes nothing to the console', async () => {
    const written = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    )
    const topic = await newTopic()
    const [older, newer] = [await log.openTransactional(topic), await log.openTransactional(topic)]
    await expect(older.flush({ records: [record(topic, 0, 'a')] })).rejects.toMatchObject({
      code: 'PRODUCER_FENCED',
    })
    await Promise.all([older.close(), newer.close()])
    for (const spy of written) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })

  it('keeps its membership while a batch is handled for longer than the session', async () => {
    const topic = await newTopic()
    await send(topic, 'slow')
    const consumer = await log.join({ group: topic, topics: [topic], sessionTimeoutMs: 1_500 })
    await pollSomething(consumer)
    await pollRecords(consumer, 1)
    // The handling itself takes the time; there is no event to wait for.
    await sleep(4_000)
    await send(topic, 'next')
    expect(textsOf(await pollRecords(consumer, 1))).toEqual(['next'])
    await consumer.close()
  })

  it('returns nothing that was fetched before a seek, also when it lay ready', async () => {
    const topic = await newTopic()
    await send(topic, 'a', 'b', 'c')
    const consumer = await log.join({ group: topic, topics: [topic] })
    await pollSomething(consumer)
    // Time for the client to fetch and to lay the batch down.
    await sleep(700)
    consumer.seek({ topic, partition: 0, offset: 2 })
    expect(textsOf(await pollRecords(consumer, 1))).toEqual(['c'])
    await consumer.close()
  })

  it('lets a member that holds a batch finish it before the group goes on', async () => {
    const topic = await newTopic(2)
    await send(topic, 'held')
    const options = { group: topic, topics: [topic], sessionTimeoutMs: 6_000 }
    const first = await log.join(options)
    await pollSomething(first)
    await pollRecords(first, 1)
    const second = await log.join(options)
    const waiting = pollAssigned(second, ({ length }) => length === 1)
    const early = await Promise.race([waiting.then(() => 'assigned'), sleep(3_000).then(() => 'held up')])
    expect(early).toBe('held up')
    await pollAssigned(first, ({ length }) => length === 1)
    expect((await waiting).partitions).toHaveLength(1)
    await Promise.all([first.close(), second.close()])
  })

  it('rejects the poll when the group refuses the member for good', async () => {
    const topic = await newTopic()
    const foreign = raw().consumer({ groupId: topic, maxWaitTimeInMs: 200 })
    await foreign.connect()
    await foreign.subscribe({ topics: [topic] })
    const joined = new Promise((resolve) => foreign.on(foreign.events.GROUP_JOIN, resolve))
    await foreign.run({ eachMessage: async () => {} })
    await joined
    const consumer = await log.join({ group: topic, topics: [topic] })
    await expect(consumer.poll(15_000)).rejects.toMatchObject({
      code: 'STATE_IMPOSSIBLE',
      message: expect.stringContaining('INCONSISTENT_GROUP_PROTOCOL'),
    })
    await consumer.close()
    await foreign.disconnect()
  })

  it('shows nothing of aborted transactions, to nobody, and goes on behind them', async () => {
    const topic = await newTopic()
    const consumer = await log.join({ group: topic, topics: [topic] })
    await pollSomething(consumer)
    for (const text of ['torn 1', 'torn 2']) {
      const foreign = await openTransaction(topic, text)
      await foreign.abort()
      await foreign.close()
    }
    expect(await consumer.poll(1_000)).toEqual({ kind: 'idle' })
    await send(topic, 'whole')
    expect(textsOf(await pollRecords(consumer, 1))).toEqual(['whole'])
    const [{ high } = { high: -1 }] = await log.offsets(topic)
    expect(high).toBe(5)
    expect(textsOf(await collect(log.read([{ topic, partition: 0, from: 0, to: high }])))).toEqual(['whole'])
    await consumer.close()
  })

  it('catches up with what is committed while a transaction stays open, and with the rest afterwards', async () => {
    const topic = await newTopic()
    await send(topic, 'before')
    const foreign = await openTransaction(topic, 'open')
    await send(topic, 'behind')
    const follower = await log.follow([topic])
    expect(textsOf(await follower.catchUp())).toEqual(['before'])
    await foreign.commit()
    expect(textsOf(await follower.catchUp())).toEqual(['open', 'behind'])
    await follower.close()
    await foreign.close()
  })

  it('reads a range that reaches into an open transaction only when that has ended', async () => {
    const topic = await newTopic()
    await send(topic, 'before')
    const foreign = await openTransaction(topic, 'open')
    await send(topic, 'behind')
    const reading = collect(log.read([{ topic, partition: 0, from: 0, to: 3 }]))
    const early = await Promise.race([reading.then(() => 'read'), sleep(1_500).then(() => 'waits')])
    expect(early).toBe('waits')
    await foreign.commit()
    expect(textsOf(await reading)).toEqual(['before', 'open', 'behind'])
    await foreign.close()
  })

  it('starts at what is left when retention has overtaken the committed offset', async () => {
    const topic = await newTopic()
    await send(topic, 'a', 'b', 'c', 'd')
    const producer = await log.openTransactional(topic)
    await producer.flush({
      records: [],
      offsets: { group: topic, positions: [{ topic, partition: 0, offset: 1 }] },
    })
    await producer.close()
    await deleteRecordsBefore(topic, 3)
    const consumer = await log.join({ group: topic, topics: [topic] })
    await pollSomething(consumer)
    expect(textsOf(await pollRecords(consumer, 1))).toEqual(['d'])
    await send(topic, 'e')
    expect(textsOf(await pollRecords(consumer, 1))).toEqual(['e'])
    await consumer.close()

    expect(textsOf(await collect(log.read([{ topic, partition: 0, from: 0, to: 4 }])))).toEqual(['d'])
    const follower = await log.follow([topic])
    expect(textsOf(await follower.catchUp())).toEqual(['d', 'e'])
    const [committed] = await log.committed(uniqueName('new'), [{ topic, partition: 0 }])
    expect(committed!.offset).toBe(3)
  })

  it('refuses a record too large for the broker and sends on', async () => {
    const topic = await newTopic()
    const huge = { ...record(topic, 0, ''), value: Buffer.alloc(2_000_000) }
    const producer = await log.openProducer()
    await expect(producer.send([huge])).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' })
    await producer.send([record(topic, 0, 'plain')])
    const transactional = await log.openTransactional(topic)
    await expect(transactional.flush({ records: [huge] })).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' })
    await transactional.flush({ records: [record(topic, 0, 'transactional')] })
    const [{ high } = { high: -1 }] = await log.offsets(topic)
    const texts = textsOf(await collect(log.read([{ topic, partition: 0, from: 0, to: high }])))
    expect(texts).toEqual(['plain', 'transactional'])
    await Promise.all([producer.close(), transactional.close()])
  })

  it("sends many large records, a broker's fill at a time", async () => {
    const topic = await newTopic()
    const producer = await log.openProducer()
    const value = Buffer.alloc(300_000)
    await producer.send(Array.from({ length: 10 }, () => ({ ...record(topic, 0, ''), value })))
    await producer.close()
    const batches = await collect(log.read([{ topic, partition: 0, from: 0, to: 10 }]))
    expect(batches.flatMap(({ records }) => records.map(({ offset }) => offset))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ])
  })

  it('closes at once, also a member whose group keeps it waiting', async () => {
    const topic = await newTopic()
    await send(topic, 'held')
    const own = await open()
    const holder = await log.join({ group: topic, topics: [topic], sessionTimeoutMs: 6_000 })
    await pollSomething(holder)
    await pollRecords(holder, 1)
    const waiting = await own.join({ group: topic, topics: [topic], sessionTimeoutMs: 6_000 })
    expect(await waiting.poll(500)).toEqual({ kind: 'idle' })
    const started = performance.now()
    await own.close()
    expect(performance.now() - started).toBeLessThan(2_000)
    await holder.close()
  })
})
