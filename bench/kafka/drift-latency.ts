import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { driftEventType } from '../../src/events/drift-event.ts'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { partitionOf } from '../../src/log/partition-of.ts'
import type { GroupConsumer, OutgoingRecord } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { drawEvents } from '../streams/events.ts'
import { referenceCopier } from '../subjects/reference.ts'
import { startRunning } from './running-pipeline.ts'
import { createTopics, PARTITIONS, SHAPE, type Stage, writeConfiguration } from './stage.ts'

/** By default; the latency beyond it is what is asked for. */
export const FLUSH_MS = 1_000
const PANE_MS = 3_600_000
const START_MS = Date.UTC(2026, 0, 1)
const DRIFTED_EVENTS = 1_200
/** A line is said after so many. */
const TOLD_TRIALS = 5

/**
 * Seconds from the send of the event that completes a window to its drift event in the hands of a subscriber,
 * through an observer and a detector with the default flush interval. Each trial is a model of its own that
 * drifts in a pane of its own, so none waits for another's.
 */
export async function measureDriftLatency(
  stage: Stage,
  trials: number,
  say: (line: string) => void,
): Promise<number[]> {
  const prefix = 'latency'
  await createTopics(stage, prefix, 'none')
  const models = Array.from({ length: trials }, (_, index) => `model-${index}`)
  const stream = `paneLength: 1h, grace: 0s, flushInterval: ${FLUSH_MS}ms`
  const path = await writeConfiguration(stage, { prefix, group: prefix, stream }, models)
  const producer = await stage.log.openProducer()
  const copy = referenceCopier(SHAPE)
  const references = { topic: `${prefix}.references`, partitions: PARTITIONS }
  const stamp = { source: '/bench', now: START_MS }
  await producer.send(
    models.map((model) => referenceRecord(toReferenceEvent(copy(model)), references, stamp)),
  )
  const pipeline = await startRunning(path)
  const watcher = await stage.log.join({ group: 'watcher', topics: [`${prefix}.driftEvents`] })
  const seconds: number[] = []
  try {
    for (const [index, model] of models.entries()) {
      const startMs = START_MS + 2 * index * PANE_MS
      await producer.send(driftedPane(prefix, model, startMs))
      await pipeline.counted(await ends(stage, prefix))
      const sentAt = performance.now()
      await producer.send(closingEvents(prefix, model, startMs + PANE_MS))
      await driftEventOf(watcher, model)
      seconds.push((performance.now() - sentAt) / 1_000)
      if (seconds.length % TOLD_TRIALS === 0) say(`latency, ${seconds.length} trials: ${textOf(seconds)}`)
    }
  } finally {
    await watcher.close()
    await pipeline.stop()
    await producer.close()
  }
  return seconds
}

/** The last of them: whether they differ from trial to trial or from run to run shows only here. */
function textOf(seconds: readonly number[]): string {
  const last = seconds.slice(-TOLD_TRIALS).map((each) => each.toFixed(2))
  return `${last.join(' ')} s`
}

async function ends(stage: Stage, prefix: string) {
  const topic = `${prefix}.features`
  return (await stage.log.offsets(topic)).map(({ partition, high }) => ({ topic, partition, offset: high }))
}

/** Every feature far from where the reference has it. */
function driftedPane(prefix: string, model: string, startMs: number): OutgoingRecord[] {
  const { features } = drawEvents(SHAPE, DRIFTED_EVENTS, model)
  return features.map((event, index) => {
    const moved = Object.fromEntries(
      Object.entries(event.features).map(([name, value]) => [name, Number(value) + 5]),
    )
    const id = `${model}-${index}`
    return toRecord(prefix, { ...event, model, id, at: startMs + index, features: moved })
  })
}

/** One event for every partition, just behind the pane: stream time passes its end. */
function closingEvents(prefix: string, model: string, at: number): OutgoingRecord[] {
  const [event] = drawEvents(SHAPE, 1, 'closing').features
  return Array.from({ length: PARTITIONS }, (_, partition) => ({
    ...toRecord(prefix, { ...event!, model, id: `${model}-close-${partition}`, at }),
    partition,
  }))
}

function toRecord(prefix: string, event: FeatureEvent): OutgoingRecord {
  const key = Buffer.from(event.id)
  return {
    topic: `${prefix}.features`,
    partition: partitionOf(key, PARTITIONS),
    key,
    value: Buffer.from(JSON.stringify(event)),
    timestamp: event.at,
  }
}

const EVENT_PATIENCE_MS = 30_000

async function driftEventOf(watcher: GroupConsumer, model: string): Promise<void> {
  const deadline = performance.now() + EVENT_PATIENCE_MS
  while (performance.now() < deadline) {
    const poll = await watcher.poll(1_000)
    if (poll.kind !== 'records') continue
    const events = poll.batch.records.map(({ value, headers }) =>
      decodeCloudEvent(driftEventType, value, headers),
    )
    if (events.some((event) => event.model === model)) return
  }
  throw new Error(`expected a drift event of ${model} within ${EVENT_PATIENCE_MS} ms`)
}
