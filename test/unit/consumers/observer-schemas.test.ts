import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { openObserver } from '../../../src/consumers/observer.ts'
import { settle } from '../../../src/consumers/settle.ts'
import { type RunningProcess, startProcesses } from '../../../src/consumers/start.ts'
import { checkTopics, topicSpecs } from '../../../src/consumers/topics.ts'
import { headerText } from '../../../src/events/headers.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import type { Log, OutgoingRecord, Producer, RecordBatch } from '../../../src/log/port.ts'
import { referenceRecord } from '../../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../../src/producers/source-events.ts'
import type { SchemaTable, SchemaTableOptions } from '../../../src/registry/schema-table.ts'
import { toReferenceEvent } from '../../../src/sketches/reference-wire.ts'
import { countSketches } from '../../support/count-sketches.ts'
import {
  type FakeRegistry,
  FEATURE_ID,
  framedRecords,
  LABEL_ID,
  registryOf,
  tableOf,
} from '../../support/fake-registry.ts'
import { FORMATS, type Format, framed, framedFeature, framedLabel } from '../../support/framed-events.ts'
import { observerEdge } from '../../support/observer-edge.ts'
import { readRecords, smallOptions, smallReference } from '../../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 200, seed: 7 }
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function optionsOf(partitions: number) {
  const options = smallOptions('unused')
  return { ...options, topics: { ...options.topics, partitions } }
}

async function openLog(partitions: number): Promise<{ log: Log; producer: Producer }> {
  const log = openMemoryLog()
  const { names } = optionsOf(partitions).topics
  await log.createTopics(topicSpecs(names, partitions, 1, true))
  const producer = await log.openProducer()
  const stamp = { source: '/test', now: world.startMs }
  const to = { topic: names.references, partitions }
  await producer.send([referenceRecord(toReferenceEvent(smallReference(world)), to, stamp)])
  return { log, producer }
}

/** The features or labels of a minute as one batch, some of them in a registry's frame; bad ones are the same. */
function batchOf(topic: string, format: Format | null, from: number): RecordBatch {
  const values = minuteOf(world, 0).map((event, at) => {
    const isFeature = topic === 'features'
    const whole = isFeature ? featureEventOf(event, '1') : labelEventOf(event)
    // Both may lie in one topic.
    if (format === null || at % 7 === 0) return Buffer.from(JSON.stringify(whole))
    return isFeature
      ? framedFeature(format, FEATURE_ID, featureEventOf(event, '1'))
      : framedLabel(format, LABEL_ID, labelEventOf(event))
  })
  const records = values.map((value, at) => {
    return { offset: from + at, timestamp: world.startMs + 60_000, key: null, value, headers: {} }
  })
  const nextOffset = from + records.length
  return { topic, partition: 0, records, nextOffset, highWatermark: nextOffset }
}

describe('an observer of framed events', () => {
  it.each(FORMATS)('writes for %s the very bytes that it writes for JSON', async (format) => {
    const options = optionsOf(1)
    const { names } = options.topics
    const written = async (as: Format | null) => {
      const { log } = await openLog(1)
      const schemas = tableOf(registryOf(format))
      const edge = observerEdge(log, world.startMs, { flush: options.flush, schemas })
      const observer = await openObserver(options, await checkTopics(log, names), edge)
      closing.push(async () => {
        await observer.close()
        schemas.close()
        await log.close()
      })
      const task = await observer.openTask(0, [])
      const batches = [batchOf(names.features, as, 0), batchOf(names.labels, as, 0)]
      for (const batch of batches) {
        await schemas.settled(batch.records)
        expect(task.canFold!(batch)).toBe(true)
        await task.fold(batch)
      }
      await task.prepareFlush()
      return task
        .take(batches.map(({ topic, nextOffset }) => ({ topic, partition: 0, from: 0, to: nextOffset })))
        .map(({ topic, value }) => `${topic} ${Buffer.from(value!).toString('base64')}`)
    }
    const framedBytes = await written(format)
    expect(framedBytes.length).toBeGreaterThan(0)
    expect(framedBytes).toEqual(await written(null))
  })

  it('lets a task wait for a registry that is away, and no other', async () => {
    const registry = registryOf('AVRO')
    registry.isAway = true
    const { log, producer, running, condition } = await start(2, registry)
    const [framedEvents, plainEvents] = recordsByPartition('AVRO')
    await settle(running, (await producer.send(plainEvents)).written)
    await producer.send(framedEvents)
    while (condition.report().waitingFor === undefined) await turn()
    expect(condition.report()).toMatchObject({ state: 'waiting', waitingFor: 'schema registry', tasks: 2 })
    expect(condition.isReady).toBe(false)
    // The other partition is still counted.
    const more = plainEvents.map((record) => ({ ...record, value: renamed(record.value!) }))
    await settle(running, (await producer.send(more)).written)
    expect(await countSketches(log, 'sketches')).toMatchObject({ events: 2 * plainEvents.length })

    registry.isAway = false
    await settle(running, await ends(log, 'features'))
    expect(condition.report().waitingFor).toBeUndefined()
    expect(await countSketches(log, 'sketches')).toMatchObject({
      events: 2 * plainEvents.length + framedEvents.length,
    })
    expect(await readRecords(log, 'dead-letters')).toEqual([])
  })

  it('ends when the registry has been away for too long', async () => {
    const registry = registryOf('AVRO')
    registry.isAway = true
    const { producer, running } = await start(2, registry, { outageMaxMs: 100 })
    await producer.send(recordsByPartition('AVRO')[0])
    await expect(running[0]!.done).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' })
  })

  it('refuses poison by itself, each kind with its code, after one wait for unknown ids', async () => {
    const registry = registryOf('AVRO')
    const { log, producer, running } = await start(1, registry, { unknownWaitMs: 30 })
    const good = minuteOf(world, 0).map((event) => featureEventOf(event, '1'))
    const bytes = framedFeature('AVRO', FEATURE_ID, good[0]!)
    const poison: readonly (readonly [Buffer, string])[] = [
      [Buffer.alloc(0), 'EVENT_UNDECODABLE'],
      ...[1, 2, 3, 4].map((length) => [Buffer.alloc(length), 'EVENT_UNDECODABLE'] as const),
      [framed(FEATURE_ID, Buffer.alloc(0)), 'EVENT_UNDECODABLE'],
      [bytes.subarray(0, bytes.length - 3), 'EVENT_UNDECODABLE'],
      [Buffer.concat([bytes, Buffer.from([1])]), 'EVENT_UNDECODABLE'],
      [framed(FEATURE_ID, Buffer.from('{}')), 'EVENT_UNDECODABLE'],
      [framed(77, Buffer.from('x')), 'SCHEMA_UNKNOWN'],
      [framed(4_000_000_000, Buffer.from('x')), 'SCHEMA_UNKNOWN'],
      [framedLabel('AVRO', LABEL_ID, labelEventOf(minuteOf(world, 0)[0]!)), 'EVENT_INVALID'],
    ]
    const to = { topic: 'features', partitions: 1 }
    const records = good.flatMap((event, at): OutgoingRecord[] => {
      const record = { ...featureRecord(event, to), value: framedFeature('AVRO', FEATURE_ID, event) }
      const bad = at % 2 === 0 ? poison[at / 2] : undefined
      return bad === undefined ? [record] : [record, { ...record, value: bad[0] }]
    })
    await settle(running, (await producer.send(records)).written)
    const letters = await readRecords(log, 'dead-letters')
    expect(
      letters.map(({ value, headers }) => [
        Buffer.from(value!).toString('hex'),
        headerText(headers, '__connect.errors.exception.class.name'),
      ]),
    ).toEqual(poison.map(([value, code]) => [value.toString('hex'), code]))
    expect(await countSketches(log, 'sketches')).toMatchObject({ events: good.length })
  })

  it('rebuilds its join from framed events', async () => {
    const registry = registryOf('PROTOBUF')
    const { log, producer, running, stop, restart } = await start(1, registry)
    const events = minuteOf(world, 0)
    const features = events.map((event) => ({
      ...featureRecord(featureEventOf(event, '1'), { topic: 'features', partitions: 1 }),
      value: framedFeature('PROTOBUF', FEATURE_ID, featureEventOf(event, '1')),
    }))
    await settle(running, (await producer.send(features)).written)
    await stop()
    const again = await restart()
    const labels = events.map((event) => ({
      ...labelRecord(labelEventOf(event), { topic: 'labels', partitions: 1 }),
      value: framedLabel('PROTOBUF', LABEL_ID, labelEventOf(event)),
    }))
    await settle(again, (await producer.send(labels)).written)
    expect(await countSketches(log, 'sketches')).toEqual({ events: events.length, labelled: events.length })
  })

  it('gives the restore up with its assignment, also where it waits for the registry', async () => {
    const registry = registryOf('AVRO')
    registry.isAway = true
    const { log, producer } = await openLog(1)
    const options = optionsOf(1)
    const schemas = tableOf(registry)
    const edge = observerEdge(log, world.startMs + 60_000, { flush: options.flush, schemas })
    const observer = await openObserver(options, await checkTopics(log, options.topics.names), edge)
    closing.push(async () => {
      await observer.close()
      schemas.close()
      await producer.close()
      await log.close()
    })
    const to = { topic: 'features', partitions: 1 }
    const event = featureEventOf(minuteOf(world, 0)[0]!, '1')
    await producer.send([framedRecords('AVRO').feature(event, to)])
    const over = new AbortController()
    const restoring = observer.openTask(0, await ends(log, 'features'), over.signal)
    while (!schemas.isAway) await turn()
    const reason = new Error('over')
    over.abort(reason)
    await expect(restoring).rejects.toBe(reason)
  })
})

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Of a minute's features those of partition 0 framed, those of partition 1 as JSON. */
function recordsByPartition(format: Format): [OutgoingRecord[], OutgoingRecord[]] {
  const records = minuteOf(world, 0).map((event) => {
    const feature = featureEventOf(event, '1')
    const record = featureRecord(feature, { topic: 'features', partitions: 2 })
    return record.partition === 0 ? { ...record, value: framedFeature(format, FEATURE_ID, feature) } : record
  })
  return [
    records.filter(({ partition }) => partition === 0),
    records.filter(({ partition }) => partition === 1),
  ]
}

/** The same event under another id: a repeat would not be counted. */
function renamed(value: Uint8Array): Buffer {
  const event = JSON.parse(Buffer.from(value).toString())
  return Buffer.from(JSON.stringify({ ...event, id: `again-${event.id}` }))
}

async function ends(log: Log, topic: string) {
  return (await log.offsets(topic)).map(({ partition, high }) => ({ topic, partition, offset: high }))
}

async function start(partitions: number, registry: FakeRegistry, options: Partial<SchemaTableOptions> = {}) {
  const { log, producer } = await openLog(partitions)
  const clock = { now: () => world.startMs + 60_000 }
  let ending: AbortController
  let running: RunningProcess[] = []
  const tables: SchemaTable[] = []
  const restart = async () => {
    ending = new AbortController()
    const schemas = tableOf(registry, options)
    tables.push(schemas)
    running = await startProcesses(['observer'], log, optionsOf(partitions), {
      clock,
      logger: pino({ level: 'silent' }),
      signal: ending.signal,
      schemas,
    })
    // Whoever waits for the end hears of a failure, too.
    running[0]!.done.catch(() => {})
    return running
  }
  const stop = async () => {
    ending.abort()
    await Promise.allSettled(running.map(({ done }) => done))
  }
  closing.push(async () => {
    await stop()
    for (const table of tables) table.close()
    await producer.close()
    await log.close()
  })
  await restart()
  return { log, producer, running, condition: running[0]!.condition, stop, restart }
}
