import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { JoinOptions } from '../../../src/config/options.ts'
import { openObserver } from '../../../src/consumers/observer.ts'
import { checkTopics, topicSpecs } from '../../../src/consumers/topics.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import type { Log } from '../../../src/log/port.ts'
import { METRICS } from '../../../src/metrics/catalogue.ts'
import { Metrics } from '../../../src/metrics/metrics.ts'
import { decodeDelta } from '../../../src/sketches/delta-codec.ts'
import { observerEdge } from '../../support/observer-edge.ts'
import { smallOptions } from '../../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 1e6,
  eventsPerMinute: 400,
  seed: 7,
}
const WAITING_MAX = 64
const base = smallOptions('unused')
const { names } = base.topics
const events = minuteOf(world, 0)
const features = { topic: names.features, partition: 0 }

let log: Log
let directory: string

beforeEach(async () => {
  log = openMemoryLog()
  await log.createTopics(topicSpecs(names, 1, 1, true))
  directory = mkdtempSync(join(tmpdir(), 'driftstream-observer-'))
})
afterEach(async () => {
  await log.close()
  rmSync(directory, { recursive: true })
})

const recordsOf = (values: readonly object[]) =>
  values.map((value, offset) => ({
    offset,
    timestamp: world.startMs,
    key: null,
    value: Buffer.from(JSON.stringify(value)),
    headers: {},
  }))

/** A task that starts behind all features, whose join is rebuilt from them; what the labels then count. */
async function labelled(waitingMax: number, diskBytesMax: number) {
  const options: JoinOptions = { diskBytesMax, directory }
  const metrics = new Metrics()
  const edge = observerEdge(log, world.startMs, { flush: base.flush, metrics })
  const topics = { ...base.topics, partitions: 1 }
  const whole = { ...base, topics, stream: { ...base.stream, waitingMax }, join: options }
  const observer = await openObserver(whole, await checkTopics(log, names), edge)
  const labels = { topic: names.labels, partition: 0 }
  const task = await observer.openTask(0, [
    { ...features, offset: events.length },
    { ...labels, offset: 0 },
  ])
  const told = new Map<string, number>()
  task.tell?.((metric, _labels, value) => void told.set(metric.name, value))
  const records = recordsOf(events.map((event) => labelEventOf(event)))
  const nextOffset = records.length
  await task.fold({ ...labels, records, nextOffset, highWatermark: nextOffset })
  await task.prepareFlush()
  const written = task.take([{ ...labels, from: 0, to: nextOffset }])
  const files = readdirSync(directory)
  await task.close()
  await observer.close()
  const deltas = written.filter(({ topic }) => topic === names.sketches).map(({ value }) => value!)
  const entries = deltas.flatMap((value) => decodeDelta(value).entries)
  return {
    deltas: deltas.map((value) => Buffer.from(value).toString('hex')),
    outcomes: entries.reduce((sum, { sketch }) => sum + sketch.performance.n, 0),
    onDisk: told.get(METRICS.joinOnDisk.name)!,
    diskBytes: told.get(METRICS.joinDiskBytes.name)!,
    files,
  }
}

it('rebuilds a join larger than memory, and writes what one in memory writes', async () => {
  const producer = await log.openProducer()
  const sent = events.map((event) => ({
    ...features,
    timestamp: world.startMs,
    key: null,
    value: Buffer.from(JSON.stringify(featureEventOf(event, '1'))),
    headers: {},
  }))
  await producer.send(sent)
  const spilled = await labelled(WAITING_MAX, 2 ** 30)
  const inMemory = await labelled(100_000, 0)
  expect(spilled.outcomes).toBe(events.length)
  expect(spilled.deltas).toEqual(inMemory.deltas)
  expect(spilled.onDisk).toBeGreaterThanOrEqual(events.length - WAITING_MAX)
  expect(spilled.diskBytes).toBeGreaterThan(0)
  expect([inMemory.onDisk, inMemory.diskBytes]).toEqual([0, 0])
  // The file has no name, so nothing is left behind by a process that is killed.
  expect(spilled.files).toEqual([])
  // Without a disk the oldest are gone, as they are when it is full.
  const early = await labelled(WAITING_MAX, 0)
  expect(early.outcomes).toBeLessThanOrEqual(WAITING_MAX)
})
