import { afterEach, describe, expect, it, vi } from 'vitest'
import { openObserver } from '../../../src/consumers/observer.ts'
import { checkTopics, topicSpecs } from '../../../src/consumers/topics.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import type { Log, RecordBatch } from '../../../src/log/port.ts'
import { referenceRecord } from '../../../src/producers/control-events.ts'
import { decodeDelta } from '../../../src/sketches/delta-codec.ts'
import { toReferenceEvent } from '../../../src/sketches/reference-wire.ts'
import { observerEdge } from '../../support/observer-edge.ts'
import { shortenSlices } from '../../support/short-slices.ts'
import { smallOptions, smallReference } from '../../support/small-pipeline.ts'
import { featureEventOf, minuteOf, type SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 50, seed: 7 }
const options = { ...smallOptions('unused'), topics: { ...smallOptions('unused').topics, partitions: 1 } }
const { names } = options.topics

/** Tells how often somebody has read a followed topic of the log to its end. */
function countLooks(log: Log): () => number {
  let looks = 0
  const follow = log.follow.bind(log)
  log.follow = async (topics) => {
    const follower = await follow(topics)
    return {
      catchUp() {
        looks++
        return follower.catchUp()
      },
      close: () => follower.close(),
    }
  }
  return () => looks
}

/** The events of a minute, each of a version drawn from the list in turn, a broken record among them. */
function batchOf(minute: number, versions: readonly string[], from: number): RecordBatch {
  const values = minuteOf(world, minute).map((event, at) =>
    JSON.stringify(featureEventOf(event, versions[at % versions.length]!)),
  )
  values.splice(10, 0, '{"model":')
  const records = values.map((value, at) => ({
    offset: from + at,
    timestamp: world.startMs + minute * 60_000,
    key: null,
    value: Buffer.from(value),
    headers: {},
  }))
  const nextOffset = from + records.length
  return { topic: names.features, partition: 0, records, nextOffset, highWatermark: nextOffset }
}

it('looks unknown versions up once a batch, before their first event is counted', async () => {
  const log = openMemoryLog()
  await log.createTopics(topicSpecs(names, 1, 1, true))
  const looks = countLooks(log)
  const edge = observerEdge(log, world.startMs, { flush: options.flush })
  const observer = await openObserver(options, await checkTopics(log, names), edge)
  const task = await observer.openTask(0, [])
  // Published after the observer was opened: only a look can find them.
  const producer = await log.openProducer()
  const target = { topic: names.references, partitions: 1 }
  for (const version of ['1', '2']) {
    const reference = toReferenceEvent({ ...smallReference(world), version })
    await producer.send([referenceRecord(reference, target, { source: '/test', now: world.startMs })])
  }
  const before = looks()

  await task.fold(batchOf(0, ['1', '2', 'never published'], 0))
  expect(looks() - before).toBe(1)
  await task.fold(batchOf(1, ['2', 'never published', '1'], 51))
  expect(looks() - before).toBe(1)
  // A flush looks for references that replace others.
  await task.prepareFlush()
  expect(looks() - before).toBe(2)
  const range = { topic: names.features, partition: 0, from: 0, to: 102 }
  const deltas = task.take([range]).filter(({ topic }) => topic === names.sketches)
  const { entries, stream } = decodeDelta(deltas[0]!.value!)
  const events = (version: string) =>
    entries.filter((entry) => entry.version === version).map(({ sketch }) => sketch.events)
  expect([events('1'), events('2'), events('never published')]).toEqual([
    [17, 16],
    [17, 17],
    [16, 17],
  ])
  const blocks = entries.map(({ version, sketch }) => [version, sketch.block !== null])
  expect(new Set(blocks.map(String))).toEqual(new Set(['1,true', '2,true', 'never published,false']))
  expect(stream).toMatchObject({ unreferenced: 33, deadLetters: 2 })
  // After a flush it asks again for what it did not find.
  await task.fold(batchOf(2, ['1', 'never published'], 102))
  expect(looks() - before).toBe(3)
  await observer.close()
  await log.close()
})

describe('an observer that is interrupted', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** Minutes folded, one behind the preparation of the flush, and the deltas; how often others had their turn. */
  async function play() {
    const log = openMemoryLog()
    await log.createTopics(topicSpecs(names, 1, 1, true))
    let turns = 0
    const alive = () => {
      turns++
    }
    const edge = observerEdge(log, world.startMs, { flush: options.flush, alive })
    const observer = await openObserver(options, await checkTopics(log, names), edge)
    const task = await observer.openTask(0, [])
    for (const minute of [0, 1]) await task.fold(batchOf(minute, ['1', '2', '3'], 51 * minute))
    const folding = turns
    await task.prepareFlush()
    const preparing = turns - folding
    await task.fold(batchOf(2, ['1'], 102))
    const range = { topic: names.features, partition: 0, from: 0, to: 153 }
    const written = task.take([range]).map(({ value }) => Buffer.from(value!).toString('hex'))
    return { folding, preparing, written }
  }

  it('writes the same bytes, and gives others their turn among events and behind every entry', async () => {
    // On a busy machine a slice may be over by itself.
    vi.spyOn(performance, 'now').mockReturnValue(0)
    const whole = await play()
    expect(whole).toMatchObject({ folding: 0, preparing: 0 })
    shortenSlices()
    const { folding, preparing, written } = await play()
    expect(folding).toBeGreaterThanOrEqual(2 * 6)
    // Three versions, and a pane a minute.
    expect(preparing).toBeGreaterThanOrEqual(6)
    expect(written).toEqual(whole.written)
  })
})
