import { describe, expect, it } from 'vitest'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import { logConformance } from '../../conformance/log-conformance.ts'
import { pollRecords, pollSomething, record, textsOf } from '../../conformance/log-fixture.ts'

logConformance('the log in memory', async () => openMemoryLog())

describe('the log in memory', () => {
  it('drops records older than the retention, counted from the newest of the partition', async () => {
    const log = openMemoryLog()
    await log.createTopics([{ topic: 't', partitions: 2, settings: { 'retention.ms': '1000' } }])
    const producer = await log.openProducer()
    await producer.send([
      record('t', 0, 'old', 5_000),
      record('t', 0, 'kept', 5_001),
      record('t', 1, 'other', 1),
    ])
    await producer.send([record('t', 0, 'new', 6_001)])
    expect(await log.offsets('t')).toEqual([
      { partition: 0, low: 1, high: 3 },
      { partition: 1, low: 0, high: 1 },
    ])
    expect(await log.committed('g', [{ topic: 't', partition: 0 }])).toEqual([
      { topic: 't', partition: 0, offset: 1 },
    ])
  })

  it('keeps everything where retention is off or not set', async () => {
    const log = openMemoryLog()
    await log.createTopics([
      { topic: 'off', partitions: 1, settings: { 'retention.ms': '-1' } },
      { topic: 'unset', partitions: 1 },
    ])
    const producer = await log.openProducer()
    await producer.send(
      ['off', 'unset'].flatMap((topic) => [record(topic, 0, 'a', 0), record(topic, 0, 'b', 1e15)]),
    )
    expect((await log.offsets('off'))[0]!.low).toBe(0)
    expect((await log.offsets('unset'))[0]!.low).toBe(0)
  })

  it('hands out no more than batchMax records, and no partition twice before the others', async () => {
    const log = openMemoryLog({ batchMax: 2 })
    await log.createTopics([{ topic: 't', partitions: 2 }])
    const producer = await log.openProducer()
    await producer.send(
      [0, 1].flatMap((partition) => ['a', 'b', 'c'].map((text) => record('t', partition, text))),
    )
    const consumer = await log.join({ group: 'g', topics: ['t'] })
    await pollSomething(consumer)
    const batches = await pollRecords(consumer, 6)
    expect(batches.map(({ records }) => records.length)).toEqual([2, 2, 1, 1])
    expect(batches[0]!.partition).not.toBe(batches[1]!.partition)
  })

  it('lets timers run while a producer and a consumer keep each other busy', async () => {
    const log = openMemoryLog()
    await log.createTopics([{ topic: 't', partitions: 1, settings: { 'retention.ms': '0' } }])
    const producer = await log.openProducer()
    const consumer = await log.join({ group: 'g', topics: ['t'] })
    let rang = false
    setTimeout(() => {
      rang = true
    }, 1)
    let sent = 0
    // Ends by the timer alone: without turns of the event loop it would never ring.
    for (; !rang && sent < 50_000_000; sent++) {
      await producer.send([record('t', 0, 'a', sent)])
      await consumer.poll(1_000)
    }
    expect(rang).toBe(true)
  })

  it('shows a waiting member all of a send, not its first record', async () => {
    const log = openMemoryLog()
    await log.createTopics([{ topic: 't', partitions: 1 }])
    const consumer = await log.join({ group: 'g', topics: ['t'] })
    await pollSomething(consumer)
    const waiting = consumer.poll(10_000)
    const producer = await log.openProducer()
    await producer.send(['a', 'b', 'c'].map((text) => record('t', 0, text)))
    const poll = await waiting
    expect(poll.kind === 'records' && textsOf([poll.batch])).toEqual(['a', 'b', 'c'])
  })

  it('takes topic names as names, whatever they are', async () => {
    const log = openMemoryLog()
    await log.createTopics([{ topic: '__proto__', partitions: 1 }])
    expect([...(await log.partitionCounts(['__proto__', 'constructor']))]).toEqual([['__proto__', 1]])
    await expect(log.offsets('constructor')).rejects.toMatchObject({ code: 'TOPIC_MISSING' })
  })

  it('ends waiting polls when it is closed, and refuses work after that', async () => {
    const log = openMemoryLog()
    await log.createTopics([{ topic: 't', partitions: 1 }])
    const consumer = await log.join({ group: 'g', topics: ['t'] })
    await pollSomething(consumer)
    const waiting = consumer.poll(10_000)
    const producer = await log.openProducer()
    await log.close()
    expect(await waiting).toEqual({ kind: 'idle' })
    await expect(producer.send([record('t', 0, 'a')])).rejects.toMatchObject({ code: 'STATE_IMPOSSIBLE' })
    await expect(log.join({ group: 'g', topics: ['t'] })).rejects.toMatchObject({ code: 'STATE_IMPOSSIBLE' })
  })
})
