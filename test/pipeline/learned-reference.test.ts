import { afterEach, describe, expect, it } from 'vitest'
import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { headerText } from '../../src/events/headers.ts'
import { type ReferenceEvent, referenceEventType } from '../../src/events/reference-event.ts'
import { partitionOf } from '../../src/log/partition-of.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { distributionScatter } from '../../src/sketches/pane-scatter.ts'
import { fromReferenceEvent, toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import {
  openSmallPipeline,
  readRecords,
  type SmallPipeline,
  smallReference,
} from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const MINUTE_MS = 60_000

/** 120 events a minute: cut in five minutes, counted in ten. */
const learning = { cutAt: 600, countUntil: 1_200 }

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 40,
  eventsPerMinute: 120,
  seed: 7,
}

const open: SmallPipeline[] = []
async function openLearning(partitions = 3, options = learning): Promise<SmallPipeline> {
  const pipeline = await openSmallPipeline(world, (log) => log, { partitions, learning: options })
  open.push(pipeline)
  return pipeline
}
afterEach(async () => {
  for (const pipeline of open.splice(0)) await pipeline.stop()
})

async function referencesOf({ log, options }: SmallPipeline): Promise<ReferenceEvent[]> {
  const records = await readRecords(log, options.topics.names.references)
  return records.map(({ value, headers }) => decodeCloudEvent(referenceEventType, value, headers))
}

async function storyOf(pipeline: SmallPipeline) {
  const { drift, requests, deployments, deadLetters } = await pipeline.published()
  return {
    references: (await referencesOf(pipeline)).map(({ id, version, stage, m, createdAt }) => ({
      id,
      version,
      stage,
      m,
      // A candidate's is made when its training ends.
      createdAt: stage === undefined ? null : createdAt,
    })),
    drift: drift.map(({ id, state, diagnosis, at, referenceId }) => ({
      id,
      state,
      diagnosis,
      at,
      referenceId,
    })),
    requests: requests.map(({ model, at, trainingRange: { fromMs, toMs } }) => ({ model, at, fromMs, toMs })),
    stages: deployments.map(({ stage, toVersion }) => ({ stage, toVersion })),
    deadLetters: deadLetters.length,
  }
}

describe('a model without a reference, on the log in memory', () => {
  it('cuts, counts, judges, and finds the world turned', async () => {
    const pipeline = await openLearning()
    await pipeline.play(world, 0, 60)
    const { drift, requests, deployments, deadLetters } = await pipeline.published()
    const [cut, counted, labelled, ...others] = await referencesOf(pipeline)

    expect(deadLetters).toEqual([])
    expect(cut).toMatchObject({ version: '1', stage: 'cut', source: 'stream', m: 0, performance: null })
    expect(cut!.createdAt).toBe(world.startMs + 5 * MINUTE_MS)
    expect(counted).toMatchObject({ stage: 'ready', source: 'stream', gridId: cut!.id, performance: null })
    expect(counted!.m).toBeGreaterThanOrEqual(learning.countUntil)
    expect(labelled).toMatchObject({ stage: 'ready', gridId: cut!.id, learnedUntil: counted!.learnedUntil })
    expect(labelled!.features).toEqual(counted!.features)
    // Every prediction of the counted panes had its label by then, and none of any other pane is in it.
    expect(labelled!.performance!.n).toBe(labelled!.m)
    expect(others).toMatchObject([{ version: '2', source: 'training' }])
    const trained = fromReferenceEvent(others[0]!).panes!
    // The training range begins with the change.
    const turnedAt = world.startMs + world.turnsAtMinute * MINUTE_MS
    expect([trained.windowMs, trained.starts[0]]).toEqual([10 * MINUTE_MS, turnedAt])
    // Only the holdout, the latest rows, has outcomes.
    expect(trained.outcomes!.n[0]).toBe(0)

    expect(drift[0]).toMatchObject({ concern: 'performance', state: 'started', diagnosis: 'retrain' })
    expect(drift[0]!.referenceId).toBe(labelled!.id)
    expect(drift[0]!.changedAt).toBe(turnedAt)
    expect(drift[0]!.detectedAt).toBeLessThanOrEqual(turnedAt + 10 * MINUTE_MS)
    expect(requests).toHaveLength(1)
    expect(deployments.at(-1)).toMatchObject({ stage: 'promoted', toVersion: '2' })
  })

  it('learns nothing of a world that turns while it is counted: the turn is its normal', async () => {
    const pipeline = await openLearning()
    await pipeline.play({ ...world, turnsAtMinute: 0 }, 0, 40)
    const { drift } = await pipeline.published()
    expect((await referencesOf(pipeline)).map(({ stage }) => stage)).toEqual(['cut', 'ready', 'ready'])
    expect(drift).toEqual([])
  })

  it('tells the same story when everything is restarted, whatever the phase', async () => {
    const stories = []
    // While rows are collected, in the pane of the cut, while counting, before the labels, before the turn.
    for (const restartAt of [null, 3, 6, 11, 17, 30]) {
      const pipeline = await openLearning()
      await pipeline.play(world, 0, restartAt ?? 60)
      if (restartAt !== null) {
        await pipeline.restart()
        await pipeline.play(world, restartAt, 60)
      }
      stories.push(await storyOf(pipeline))
    }
    expect(stories[0]!.stages.at(-1)).toEqual({ stage: 'promoted', toVersion: '2' })
    for (const story of stories.slice(1)) expect(story).toEqual(stories[0])
    // Six stories: time for each as for a test of its own.
  }, 120_000)

  it('learns the same reference on one partition and on three, and judges the same', async () => {
    const one = await openLearning(1)
    const three = await openLearning(3)
    await one.play(world, 0, 60)
    await three.play(world, 0, 60)
    const [told, again] = [await storyOf(one), await storyOf(three)]
    expect(told.drift.length).toBeGreaterThan(0)
    expect(again).toEqual(told)
  })

  it('keeps the base windows it counted whole, whatever the partitions, and their outcomes', async () => {
    const told = []
    for (const partitions of [1, 3]) {
      const pipeline = await openLearning(partitions, { cutAt: 600, countUntil: 3_000 })
      await pipeline.play(world, 0, 38)
      const references = await referencesOf(pipeline)
      expect(references.map(({ stage }) => stage)).toEqual(['cut', 'ready', 'ready'])
      told.push(references.map(({ id }) => id))
      const [cut, counted, labelled] = references.map(fromReferenceEvent)
      expect([cut!.panes, counted!.panes!.outcomes]).toEqual([undefined, null])
      const { windowMs, starts, rows, features, outcomes, scores } = labelled!.panes!
      expect(windowMs).toBe(10 * MINUTE_MS)
      expect([...starts]).toEqual([10, 20].map((minute) => world.startMs + minute * MINUTE_MS))
      expect([...rows]).toEqual([1_200, 1_200])
      for (const known of [features.get('x')!, features.get('c')!, outcomes!, scores!]) {
        expect(known.n).toEqual(rows)
      }
      // A binary model of one number on a still world: its windows hardly differ.
      expect(distributionScatter(features.get('x')!)!.designEffect).toBeLessThan(4)
    }
    expect(told[0]).toEqual(told[1])
  })

  it('gives way to a reference that somebody publishes', async () => {
    const pipeline = await openLearning()
    const { log, options } = pipeline
    await pipeline.play(world, 0, 8)
    expect((await referencesOf(pipeline)).map(({ stage }) => stage)).toEqual(['cut'])
    const { names, partitions } = options.topics
    const published = { ...toReferenceEvent(smallReference(world)), source: 'file' as const }
    const producer = await log.openProducer()
    const now = world.startMs + 8 * MINUTE_MS
    const to = { topic: names.references, partitions }
    await producer.send([referenceRecord(published, to, { source: '/test', now })])
    await producer.close()
    await pipeline.play(world, 8, 60)
    const { drift } = await pipeline.published()
    expect((await referencesOf(pipeline)).map(({ stage, version }) => [stage, version])).toEqual([
      ['cut', '1'],
      [undefined, '1'],
      [undefined, '2'],
    ])
    expect(drift[0]).toMatchObject({ referenceId: published.id, diagnosis: 'retrain' })
  })

  it('refuses a broken sample and goes on', async () => {
    const pipeline = await openLearning()
    const { log, options } = pipeline
    const { names, partitions } = options.topics
    const producer = await log.openProducer()
    const partition = partitionOf('small', partitions)
    const value = Buffer.from([0x72, 0x73, 1, 255, 255])
    await producer.send([{ topic: names.sketches, partition, key: null, value, timestamp: world.startMs }])
    await producer.close()
    await pipeline.play(world, 0, 8)
    const { deadLetters } = await pipeline.published()
    const codes = deadLetters.map(({ headers }) =>
      headerText(headers, '__connect.errors.exception.class.name'),
    )
    expect(codes).toEqual(['DELTA_UNDECODABLE'])
    expect((await referencesOf(pipeline)).map(({ stage }) => stage)).toEqual(['cut'])
  })
})
