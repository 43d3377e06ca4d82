import { describe, expect, it } from 'vitest'
import { openDetector } from '../../../src/consumers/detector.ts'
import { checkTopics, topicSpecs } from '../../../src/consumers/topics.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import type { Log } from '../../../src/log/port.ts'
import { observerEdge } from '../../support/observer-edge.ts'
import { sketchedPast } from '../../support/sketched-past.ts'
import { smallOptions } from '../../support/small-pipeline.ts'

const base = smallOptions('unused')
const options = { ...base, topics: { ...base.topics, partitions: 1 } }
const { names } = options.topics
const [MINUTES, JUMP_MINUTES] = [400, 20_000]

/** A detector whose log holds this, and where that ends. */
async function detectorWith(past: Parameters<typeof sketchedPast>[2]) {
  const log = openMemoryLog()
  await log.createTopics(topicSpecs(names, 1, 1, true))
  const producer = await log.openProducer()
  const { written } = await producer.send(sketchedPast(names, Date.UTC(2026, 0, 1), past))
  const edge = observerEdge(log, 0, { flush: options.flush })
  const detector = await openDetector(options, await checkTopics(log, names), edge)
  return { detector, log, committed: written }
}

async function batchOf(log: Log, topic: string) {
  const { high } = (await log.offsets(topic))[0]!
  for await (const batch of log.read([{ topic, partition: 0, from: 0, to: high }])) return batch
  throw new Error(`nothing in ${topic}`)
}

/** Turns that the event loop takes until then. */
async function turnsUntil(work: Promise<unknown>): Promise<number> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  let turns = 0
  while (!isDone) {
    await new Promise(setImmediate)
    turns++
  }
  await done
  return turns
}

const pasts = [
  ['many records', { minutes: MINUTES }],
  ['one record that closes many panes', { minutes: 2, jumpMinutes: JUMP_MINUTES }],
] as const

describe.each(pasts)('a detector at work on %s', (_, past) => {
  it('lets the process have its turns while it restores its state', async () => {
    const { detector, committed } = await detectorWith(past)
    expect(await turnsUntil(detector.openTask(0, committed))).toBeGreaterThan(3)
  })

  it('gives the restore up when nobody wants it any more', async () => {
    const { detector, committed } = await detectorWith(past)
    const over = new AbortController()
    const opening = detector.openTask(0, committed, over.signal)
    const reason = new Error('over')
    setImmediate(() => over.abort(reason))
    await expect(opening).rejects.toBe(reason)
  })

  it('lets the process have its turns while it folds a batch', async () => {
    const { detector, log } = await detectorWith(past)
    const task = await detector.openTask(
      0,
      [names.sketches, names.references].map((topic) => ({ topic, partition: 0, offset: 0 })),
    )
    await task.fold(await batchOf(log, names.references))
    const batch = await batchOf(log, names.sketches)
    expect(batch.records).toHaveLength(past.minutes)
    expect(await turnsUntil(Promise.resolve(task.fold(batch)))).toBeGreaterThan(3)
  })
})
