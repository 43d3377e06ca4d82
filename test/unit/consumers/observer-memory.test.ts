import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openObserver } from '../../../src/consumers/observer.ts'
import type { Task } from '../../../src/consumers/task.ts'
import { checkTopics, topicSpecs } from '../../../src/consumers/topics.ts'
import { decodePartition } from '../../../src/log/kafkajs/decode-partition.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import type { Log } from '../../../src/log/port.ts'
import { decodeDelta } from '../../../src/sketches/delta-codec.ts'
import { observerEdge } from '../../support/observer-edge.ts'
import { recordBatch } from '../../support/record-batches.ts'
import { smallOptions } from '../../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 50, seed: 7 }
const options = { ...smallOptions('unused'), topics: { ...smallOptions('unused').topics, partitions: 1 } }
const { names } = options.topics
const FETCH_BYTES = 2 ** 20

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

let log: Log
let task: Task

beforeEach(async () => {
  log = openMemoryLog()
  await log.createTopics(topicSpecs(names, 1, 1, true))
  const edge = observerEdge(log, world.startMs, { flush: options.flush })
  const observer = await openObserver(options, await checkTopics(log, names), edge)
  task = await observer.openTask(0, [])
})
afterEach(async () => {
  await task.close()
  await log.close()
})

/** Folds one small record out of a large fetch, as it comes off the wire; whether its bytes are still held. */
async function foldFetched(topic: string, offset: number, value: string): Promise<WeakRef<ArrayBufferLike>> {
  const headers: [string, Buffer][] = [['padding', Buffer.alloc(FETCH_BYTES)]]
  const records = [{ key: `key ${offset}`, value, headers }]
  const bytes = recordBatch({ baseOffset: offset, records, baseTimestamp: world.startMs })
  const at = { topic, partition: 0 }
  const decoded = await decodePartition(bytes, [], { ...at, offset })
  const { records: found, nextOffset } = decoded
  await task.fold({ ...at, records: found, nextOffset, highWatermark: nextOffset })
  return new WeakRef(bytes.buffer)
}

async function flushed() {
  await task.prepareFlush()
  return task.take([{ topic: names.features, partition: 0, from: 0, to: 1 }])
}

async function stillHeld(fetches: readonly WeakRef<ArrayBufferLike>[]): Promise<number> {
  // A weak reference that was made or read holds on until the loop has turned.
  await new Promise(setImmediate)
  collectGarbage()
  return fetches.filter((fetch) => fetch.deref() !== undefined).length
}

it('keeps what waits for labels and nothing of the fetches it came in', async () => {
  const events = minuteOf(world, 0)
  const fetches: WeakRef<ArrayBufferLike>[] = []
  for (const [offset, event] of events.entries()) {
    fetches.push(await foldFetched(names.features, offset, JSON.stringify(featureEventOf(event, '1'))))
  }
  // A label that came first waits as well, and so does what was refused, until the flush.
  const early = { ...labelEventOf(events[0]!), id: 'not yet predicted' }
  fetches.push(await foldFetched(names.labels, 0, JSON.stringify(early)))
  fetches.push(await foldFetched(names.features, events.length, '{"model":'))
  expect((await flushed()).filter(({ topic }) => topic === names.deadLetters)).toHaveLength(1)
  // The extractor holds the event that it has read last, of each kind.
  expect(await stillHeld(fetches)).toBeLessThanOrEqual(2)

  // And all of them were waiting.
  for (const [offset, event] of events.entries()) {
    await foldFetched(names.labels, offset + 1, JSON.stringify(labelEventOf(event)))
  }
  const deltas = (await flushed()).filter(({ topic }) => topic === names.sketches)
  const outcomes = deltas.flatMap(({ value }) => decodeDelta(value!).entries)
  expect(outcomes.reduce((sum, { sketch }) => sum + sketch.performance.n, 0)).toBe(events.length)
})
