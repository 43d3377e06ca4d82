import pino from 'pino'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppOptions } from '../../src/config/options.ts'
import { settle } from '../../src/consumers/settle.ts'
import { startProcesses } from '../../src/consumers/start.ts'
import { topicSpecs } from '../../src/consumers/topics.ts'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { headerText } from '../../src/events/headers.ts'
import type { LabelEvent } from '../../src/events/label-event.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, OutgoingRecord, Producer } from '../../src/log/port.ts'
import { Metrics } from '../../src/metrics/metrics.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { openRegistryClient } from '../../src/registry/registry-client.ts'
import { SchemaTable } from '../../src/registry/schema-table.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { readCommitted } from '../chaos/committed.ts'
import { eventOf, featureOf, labelOf, referenceOf, type StreamPlan } from '../chaos/stream.ts'
import { FORMATS, type Format, framed, framedFeature, framedLabel } from '../support/framed-events.ts'
import { kafka, uniqueName } from '../support/kafka.ts'
import { offerRegistry, registerSchemas } from '../support/local-registry.ts'
import { readRecords, smallOptions } from '../support/small-pipeline.ts'
import { topicNames } from '../support/topic-names.ts'

const PARTITIONS = 2
const EVENTS = 1_500
const PATIENT = 120_000
const plan: StreamPlan = { seed: 3, models: ['small'], eventsPerPane: 300 }
const registry = kafka.brokers === null ? null : await offerRegistry()
afterAll(() => registry?.stop())

describe.skipIf(registry === null)('framed events on a real broker, schemas in a real registry', () => {
  let log: Log
  let producer: Producer

  beforeEach(async () => {
    log = await openKafkaLog({
      brokers: kafka.brokers!,
      clientId: uniqueName('registry'),
      connectTimeoutMs: 20_000,
    })
    producer = await log.openProducer()
  })

  afterEach(async () => {
    await producer.close()
    await log.close()
  })

  it.each(FORMATS)('counts %s as it counts JSON, cell by cell', { timeout: PATIENT }, async (format) => {
    const ids = await registerSchemas(registry!.url, format, uniqueName(format))
    const plain = await counted(sourceRecords(null, ids), [])
    const counts = await counted(sourceRecords(format, ids), [])
    expect(counts.deadLetters).toEqual([])
    expect(total(counts.counts)).toBe(EVENTS)
    expect(counts.counts).toEqual(plain.counts)
  })

  it('refuses poison by itself, byte for byte', { timeout: PATIENT }, async () => {
    const ids = await registerSchemas(registry!.url, 'AVRO', uniqueName('poison'))
    const whole = sourceRecords('AVRO', ids)(topicNames(''))[0]!.value as Buffer
    const poison: (readonly [Buffer, string])[] = [
      ...[0, 1, 2, 3, 4].map((length) => [Buffer.alloc(length), 'EVENT_UNDECODABLE'] as const),
      [framed(999_999, Buffer.from('x')), 'SCHEMA_UNKNOWN'],
      [whole.subarray(0, whole.length - 2), 'EVENT_UNDECODABLE'],
      [Buffer.concat([whole, Buffer.from([0])]), 'EVENT_UNDECODABLE'],
      // A map of 2^27 features, of which there are none.
      [
        framed(ids.feature, Buffer.from([2, 65, 2, 65, 2, 65, 2, 0x80, 0x80, 0x80, 0x80, 2])),
        'EVENT_UNDECODABLE',
      ],
      [framed(ids.label, Buffer.from([0, 0, 0, 0])), 'EVENT_INVALID'],
    ]
    const { counts, deadLetters } = await counted(
      sourceRecords('AVRO', ids),
      poison.map(([value]) => value),
    )
    expect(total(counts)).toBe(EVENTS)
    const sorted = (letters: readonly (readonly [string, string | undefined])[]) => letters.map(String).sort()
    expect(sorted(deadLetters)).toEqual(sorted(poison.map(([value, code]) => [value.toString('hex'), code])))
  })

  /** What an observer counts of some records and refuses of others. */
  async function counted(
    records: (topics: ReturnType<typeof topicNames>) => OutgoingRecord[],
    bad: Buffer[],
  ) {
    const options = optionsOf(uniqueName('framed'))
    const { names } = options.topics
    await log.createTopics(topicSpecs(names, PARTITIONS, 1, true))
    const reference = referenceOf(plan, 'small')
    const stamp = { source: '/test', now: eventOf(plan, 0).at }
    const to = { topic: names.references, partitions: PARTITIONS }
    const metrics = new Metrics()
    const logger = pino({ level: 'silent' })
    const access = { url: registry!.url, login: null, requestTimeLimitMs: 20_000 }
    const limits = { cacheMax: 100, unknownWaitMs: 10_000, outageMaxMs: 60_000 }
    const schemas = new SchemaTable(openRegistryClient(access), limits, { logger, metrics })
    const stop = new AbortController()
    await producer.send([referenceRecord(toReferenceEvent(reference), to, stamp)])
    const surroundings = { clock: { now: () => Date.now() }, logger, signal: stop.signal, metrics, schemas }
    const running = await startProcesses(['observer'], log, options, surroundings)
    const first = eventOf(plan, 0).at
    const poison = bad.map((value, at): OutgoingRecord => {
      return { topic: names.features, partition: at % PARTITIONS, key: null, value, timestamp: first }
    })
    await settle(running, (await producer.send([...records(names), ...poison])).written)
    stop.abort()
    await Promise.all(running.map(({ done }) => done))
    schemas.close()
    const { counts } = await readCommitted(log, names.sketches, new Map([['small', reference]]))
    const letters = await readRecords(log, names.deadLetters)
    return {
      counts,
      deadLetters: letters.map(({ value, headers }) => {
        const code = headerText(headers, '__connect.errors.exception.class.name')
        return [Buffer.from(value!).toString('hex'), code] as const
      }),
    }
  }
})

function total(counts: Awaited<ReturnType<typeof readCommitted>>['counts']): number {
  return [...counts.values()].reduce((sum, pane) => sum + (pane.get('events') ?? 0), 0)
}

/** The events of the plan and their labels, as JSON or framed. */
function sourceRecords(format: Format | null, ids: Readonly<Record<'feature' | 'label', number>>) {
  return ({ features, labels }: ReturnType<typeof topicNames>): OutgoingRecord[] =>
    Array.from({ length: EVENTS }, (_, number) => eventOf(plan, number)).flatMap((event) => {
      const feature = featureOf(event, { topic: features, partitions: PARTITIONS })
      const label = labelOf(event, { topic: labels, partitions: PARTITIONS }, 1_000)
      if (format === null) return [feature, label]
      const parsed = <Event>({ value }: OutgoingRecord): Event => JSON.parse(Buffer.from(value!).toString())
      return [
        { ...feature, value: framedFeature(format, ids.feature, parsed<FeatureEvent>(feature)) },
        { ...label, value: framedLabel(format, ids.label, parsed<LabelEvent>(label)) },
      ]
    })
}

function optionsOf(prefix: string): AppOptions {
  const options = smallOptions('unused')
  return {
    ...options,
    group: prefix,
    topics: { names: topicNames(`${prefix}.`), partitions: PARTITIONS, replicationFactor: 1 },
    flush: { ...options.flush, intervalMs: 100 },
    deadLetters: { ...options.deadLetters, shareMax: 1 },
  }
}
