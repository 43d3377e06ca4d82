import { afterEach, describe, expect, it } from 'vitest'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import type { DeltaEntry } from '../../src/sketches/delta.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { gridIdOf, toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import type { Reference } from '../../src/sketches/types.ts'
import {
  openSmallPipeline,
  readRecords,
  type SmallPipeline,
  smallReference,
} from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'

const MINUTE_MS = 60_000
const REPLACED_AT = 12

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 40,
  eventsPerMinute: 120,
  seed: 7,
}

/** Of another past of the same world: the same law, other edges. */
const other: Reference = smallReference({ ...world, seed: 8 })

const open: SmallPipeline[] = []
async function openPipeline(): Promise<SmallPipeline> {
  const pipeline = await openSmallPipeline(world)
  open.push(pipeline)
  return pipeline
}
afterEach(async () => {
  for (const pipeline of open.splice(0)) await pipeline.stop()
})

async function publish({ log, options }: SmallPipeline, reference: Reference, now: number): Promise<void> {
  const { names, partitions } = options.topics
  const producer = await log.openProducer()
  const to = { topic: names.references, partitions }
  await producer.send([referenceRecord(toReferenceEvent(reference), to, { source: '/test', now })])
  await producer.close()
}

/** One minute in two halves, the labels of the first half after the second; `between` lies between the two. */
async function playHalves(
  pipeline: SmallPipeline,
  minute: number,
  between: () => Promise<void>,
): Promise<void> {
  const { names, partitions } = pipeline.options.topics
  const events = minuteOf(world, minute)
  const features = events.map((event) =>
    featureRecord(featureEventOf(event, '1'), { topic: names.features, partitions }),
  )
  const labels = events.map((event) => labelRecord(labelEventOf(event), { topic: names.labels, partitions }))
  const end = world.startMs + (minute + 1) * MINUTE_MS
  await pipeline.emit(features.slice(0, 60), end - MINUTE_MS / 2)
  await between()
  // What is flushed here was counted before the change; what comes after it is not.
  await pipeline.emit(features.slice(60, 61), end)
  await pipeline.emit([...features.slice(61), ...labels], end)
}

async function entriesOf({ log, options }: SmallPipeline): Promise<DeltaEntry[]> {
  const records = await readRecords(log, options.topics.names.sketches)
  return records.flatMap(({ value }) => decodeDelta(value!).entries)
}

describe('a reference that is replaced while its version serves', () => {
  it('is counted on from the next flush on, every event once, every outcome where its prediction is', async () => {
    const pipeline = await openPipeline()
    await pipeline.play(world, 0, REPLACED_AT)
    await playHalves(pipeline, REPLACED_AT, () =>
      publish(pipeline, other, world.startMs + REPLACED_AT * MINUTE_MS + MINUTE_MS / 2),
    )
    await pipeline.play(world, REPLACED_AT + 1, 20)

    const entries = await entriesOf(pipeline)
    const replacedAt = world.startMs + REPLACED_AT * MINUTE_MS
    const [before, after] = [gridIdOf(smallReference(world)), gridIdOf(other)]
    expect(new Set(entries.map(({ referenceId }) => referenceId))).toEqual(new Set([before, after]))
    let [events, outcomes] = [0, 0]
    const byGrid = new Map<string, { events: number; outcomes: number }>()
    for (const { referenceId, paneStart, sketch } of entries) {
      events += sketch.events
      outcomes += sketch.performance.n
      if (referenceId === before) expect(paneStart).toBeLessThanOrEqual(replacedAt)
      else expect(paneStart).toBeGreaterThanOrEqual(replacedAt)
      if (paneStart !== replacedAt) continue
      const sum = byGrid.get(referenceId!) ?? { events: 0, outcomes: 0 }
      byGrid.set(referenceId!, {
        events: sum.events + sketch.events,
        outcomes: sum.outcomes + sketch.performance.n,
      })
    }
    expect([events, outcomes]).toEqual([20 * 120, 20 * 120])
    // The labels of the first half came when the other reference was in force, and went where it was counted.
    const [first, second] = [byGrid.get(before)!, byGrid.get(after)!]
    expect(first.events).toBeGreaterThanOrEqual(60)
    expect(second.events).toBeGreaterThan(0)
    expect(first.outcomes).toBe(first.events)
    expect(second.outcomes).toBe(second.events)
  })

  it('leads to verdicts by the one that came last, restarted or not', async () => {
    const stories = []
    for (const restartAt of [null, REPLACED_AT, 25]) {
      const pipeline = await openPipeline()
      await pipeline.play(world, 0, REPLACED_AT)
      await publish(pipeline, other, world.startMs + REPLACED_AT * MINUTE_MS)
      if (restartAt === REPLACED_AT) await pipeline.restart()
      await pipeline.play(world, REPLACED_AT, 25)
      if (restartAt === 25) await pipeline.restart()
      await pipeline.play(world, 25, 60)
      const { drift, deployments } = await pipeline.published()
      expect(drift[0]).toMatchObject({
        concern: 'performance',
        diagnosis: 'retrain',
        referenceId: other.id,
        changedAt: world.startMs + world.turnsAtMinute * MINUTE_MS,
      })
      expect(deployments.at(-1)).toMatchObject({ stage: 'promoted', toVersion: '2' })
      stories.push(drift.map(({ state, diagnosis, at }) => ({ state, diagnosis, at })))
    }
    for (const story of stories) expect(story).toEqual(stories[0])
    // Three stories: time for each as for a test of its own.
  }, 60_000)
})
