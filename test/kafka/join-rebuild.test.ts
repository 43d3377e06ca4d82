import { expect, it } from 'vitest'
import { topicSpecs } from '../../src/consumers/topics.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, OutgoingRecord } from '../../src/log/port.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'
import { openObserverTasks, SteppedTask } from '../support/observer-tasks.ts'
import { smallOptions } from '../support/small-pipeline.ts'

const START_MS = Date.now()
const PREDICTIONS = 3_000
/** This one has no label yet; all before it and behind it have theirs. */
const WAITS = 2_200

const base = smallOptions('unused')
const prefix = uniqueName('rebuild')
const names = { ...base.topics.names }
for (const key of Object.keys(names) as (keyof typeof names)[]) names[key] = `${prefix}-${names[key]}`
const options = {
  ...base,
  topics: { ...base.topics, names, partitions: 1 },
  stream: { ...base.stream, repeatWaitMs: 0 },
}

const prediction = (number: number): OutgoingRecord => ({
  topic: names.features,
  partition: 0,
  key: null,
  value: Buffer.from(
    JSON.stringify({
      ...{ model: 'small', version: '1', id: `p-${number}`, at: START_MS + number },
      ...{ features: { x: 1, c: 'c0' }, prediction: 1, score: 0.5 },
    }),
  ),
  timestamp: START_MS + number,
})
const label = (number: number): OutgoingRecord => ({
  topic: names.labels,
  partition: 0,
  key: null,
  value: Buffer.from(JSON.stringify({ model: 'small', id: `p-${number}`, at: START_MS + number, label: 1 })),
  timestamp: START_MS + number,
})

/** Counts what is read of the source topics. */
function counting(log: Log): { log: Log; read: () => number } {
  let count = 0
  const watched = new Proxy(log, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name !== 'read') return typeof value === 'function' ? value.bind(target) : value
      return async function* (...[ranges]: Parameters<Log['read']>) {
        for await (const batch of target.read(ranges)) {
          count += batch.records.length
          yield batch
        }
      }
    },
  })
  return { log: watched, read: () => count }
}

describeKafka('a label join on a broker', () => {
  it('is built again from what the committed offsets say of it', async () => {
    const log = await openKafkaLog({
      brokers: kafka.brokers!,
      clientId: 'rebuild',
      connectTimeoutMs: 20_000,
    })
    await log.createTopics(topicSpecs(names, 1, 1, true))
    const producer = await log.openProducer()
    const numbers = Array.from({ length: PREDICTIONS }, (_, number) => number)
    await producer.send([
      ...numbers.map(prediction),
      ...numbers.filter((number) => number !== WAITS).map(label),
    ])
    const places = [names.features, names.labels].map((topic) => ({ topic, partition: 0 }))
    const start = places.map((place) => ({ ...place, offset: 0 }))
    const first = await openObserverTasks(log, options, START_MS)
    const going = new SteppedTask(await first.open(start), log, start)
    await going.foldTo(names.features, PREDICTIONS)
    await going.foldTo(names.labels, PREDICTIONS - 1)
    const group = `${prefix}-group`
    const flushed = await going.flush(names.sketches)
    const owner = await log.openTransactional(`${prefix}-task`)
    await owner.flush({ records: [], offsets: { group, positions: flushed.committed } })
    await Promise.all([going.close(), first.close(), owner.close()])

    // The next owner fences the one before, and then asks what was committed.
    await (await log.openTransactional(`${prefix}-task`)).close()
    const committed = await log.committed(group, places)
    expect(committed).toEqual(flushed.committed)
    const watched = counting(log)
    const second = await openObserverTasks(watched.log, options, START_MS)
    const restored = new SteppedTask(await second.open(committed), log, committed)
    expect(watched.read()).toBeGreaterThanOrEqual(2 * (PREDICTIONS - WAITS) - 1)
    expect(watched.read()).toBeLessThanOrEqual(2 * (PREDICTIONS - WAITS + 256))

    const { written } = await producer.send([label(WAITS)])
    await restored.foldTo(names.labels, written[0]!.offset)
    const { deltas } = await restored.flush(names.sketches)
    const { entries, stream } = decodeDelta(Buffer.from(deltas[0]!, 'hex'))
    expect(entries.reduce((sum, { sketch }) => sum + sketch.performance.n, 0)).toBe(1)
    expect(stream).toMatchObject({ waiting: 0, duplicateLabels: 0, orphanLabels: 0 })
    await Promise.all([restored.close(), second.close(), producer.close()])
    await log.close()
  }, 120_000)
})
