import { afterEach, describe, expect, it, vi } from 'vitest'
import { openDetector } from '../../../src/consumers/detector.ts'
import { checkTopics, topicSpecs } from '../../../src/consumers/topics.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import { batchesOf } from '../../support/batches-of.ts'
import { observerEdge } from '../../support/observer-edge.ts'
import { shortenSlices } from '../../support/short-slices.ts'
import { sketchedPast } from '../../support/sketched-past.ts'
import { smallOptions } from '../../support/small-pipeline.ts'

const MODELS = Array.from({ length: 20 }, (_, at) => `m${at}`)
const FEATURES = 2
const base = smallOptions('unused')
const [small] = base.models.values()
const options = {
  ...base,
  topics: { ...base.topics, partitions: 1 },
  models: new Map(MODELS.map((name) => [name, { ...small!, name }])),
}
const { names } = options.topics
const origin = [names.sketches, names.references].map((topic) => ({ topic, partition: 0, offset: 0 }))

afterEach(() => {
  vi.restoreAllMocks()
})

/** A detector of many models and a log that holds some panes of all of them; counts the turns it gives to others. */
async function detectorOfMany() {
  const log = openMemoryLog()
  await log.createTopics(topicSpecs(names, 1, 1, true))
  const producer = await log.openProducer()
  // As many panes as the shortest window that is judged has, and one.
  const past = { minutes: 3, models: MODELS }
  const { written } = await producer.send(sketchedPast(names, Date.UTC(2026, 0, 1), past))
  const told = { turns: 0, onTurn: () => {} }
  const edge = observerEdge(log, 0, {
    flush: { ...options.flush, snapshotBytes: 0 },
    alive: () => {
      told.turns++
      told.onTurn()
    },
  })
  const detector = await openDetector(options, await checkTopics(log, names), edge)
  const ends = origin.map(({ topic }) => written.findLast((position) => position.topic === topic)!)
  return { detector, log, producer, told, ends }
}

/** Has a task judge all panes and write its snapshot; the turns that the last pane took, and the snapshot. */
async function takeSnapshot({
  detector,
  log,
  producer,
  told,
  ends,
}: Awaited<ReturnType<typeof detectorOfMany>>) {
  const task = await detector.openTask(0, origin)
  for await (const batch of batchesOf(log, [names.references, names.sketches])) {
    const last = batch.records.length - 1
    await task.fold({ ...batch, records: batch.records.slice(0, last) })
    told.turns = 0
    await task.fold({ ...batch, records: batch.records.slice(last) })
  }
  const folding = told.turns
  told.turns = 0
  await task.prepareFlush()
  const packing = told.turns
  const ranges = ends.map(({ topic, offset }) => ({ topic, partition: 0, from: 0, to: offset }))
  const records = task.take(ranges).filter(({ topic }) => topic === names.snapshots)
  expect(records.length).toBeGreaterThan(1)
  await producer.send(records)
  told.turns = 0
  return { folding, packing }
}

describe('a detector of many models', () => {
  it('gives others their turn behind every feature while one pane is judged, behind every model of a snapshot', async () => {
    const world = await detectorOfMany()
    shortenSlices()
    const { folding, packing } = await takeSnapshot(world)
    expect(folding).toBeGreaterThanOrEqual(MODELS.length * FEATURES)
    expect(packing).toBeGreaterThanOrEqual(MODELS.length)
    await world.detector.openTask(0, world.ends)
    expect(world.told.turns).toBeGreaterThanOrEqual(MODELS.length)
  })

  it('gives a snapshot up in the middle when nobody wants it any more', async () => {
    const world = await detectorOfMany()
    shortenSlices()
    await takeSnapshot(world)
    const over = new AbortController()
    const reason = new Error('over')
    world.told.onTurn = () => {
      if (world.told.turns === MODELS.length / 2) over.abort(reason)
    }
    await expect(world.detector.openTask(0, world.ends, over.signal)).rejects.toBe(reason)
    expect(world.told.turns).toBe(MODELS.length / 2)
  })
})
