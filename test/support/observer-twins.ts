import type { AppOptions, ConfiguredModel } from '../../src/config/options.ts'
import { openObserver } from '../../src/consumers/observer.ts'
import type { Task } from '../../src/consumers/task.ts'
import { checkTopics, topicSpecs } from '../../src/consumers/topics.ts'
import type { Attempts } from '../../src/events/extract/back-off.ts'
import type { Mapping } from '../../src/events/mapping.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import type { OutgoingRecord, RecordBatch } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { buildReference } from '../../src/sketches/reference-builder.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { createDraw, type Draw } from './draw.ts'
import { FEATURE_NAMES, featureText, labelText } from './event-records.ts'
import { mutated } from './mutated-bytes.ts'
import { observerEdge } from './observer-edge.ts'
import { smallModel } from './small-options.ts'
import { smallOptions } from './small-pipeline.ts'

/** Where the times of `event-records.ts` begin; they go on for eleven days. */
const START_MS = 1_700_000_000_000
const DAY_MS = 86_400_000
const IDS = 40
const PARTITIONS = 2

/** Never reads a record without parsing it. */
const NEVER: Attempts = { next: () => false, settle: () => {}, hopeless: false }

export interface TwinResult {
  /** All that one observer wrote, flush by flush, in a form that compares byte by byte. */
  readonly written: readonly string[]
  /** The same of one that parses every record. */
  readonly parsing: readonly string[]
  readonly records: number
  /** Records that the first read without parsing. */
  readonly readCount: number
  readonly deadLetters: number
}

/**
 * Gives two observers the same batches of records with faults of every kind, one that reads what it can
 * without parsing and one that parses everything. What the first is given is overwritten once it is folded,
 * as a log may do with what was read. References are published while the stream is running.
 */
export async function observeTwice(mapping: Mapping, seed: number): Promise<TwinResult> {
  const draw = createDraw(seed)
  const log = openMemoryLog()
  const options = twinOptions(mapping)
  const { names } = options.topics
  await log.createTopics(topicSpecs(names, PARTITIONS, 1, true))
  const partitions = await checkTopics(log, names)
  const producer = await log.openProducer()
  const publish = (model: string, version: string) =>
    producer.send([
      referenceRecord(
        toReferenceEvent(twinReference(draw, options.models.get(model)!, version)),
        { topic: names.references, partitions: PARTITIONS },
        { source: '/test', now: START_MS },
      ),
    ])
  let readCount = 0
  const counting: Attempts = {
    next: () => true,
    settle: (read) => {
      if (read) readCount++
    },
    hopeless: false,
  }
  const edge = observerEdge(log, START_MS, { flush: options.flush })
  const observers = [
    await openObserver(options, partitions, edge, () => counting),
    await openObserver(options, partitions, edge, () => NEVER),
  ]
  const tasks = await Promise.all(observers.map((observer) => observer.openTask(0, [])))
  const written: string[][] = tasks.map(() => [])
  let records = 0
  let deadLetters = 0
  await publish('flights', '1')
  for (let round = 0; round < 8; round++) {
    if (round === 2) await publish('loans', '1')
    if (round === 4) await publish('flights', '2')
    const batch = twinBatch(draw, mapping, draw.chance(0.3) ? names.labels : names.features, records)
    records += batch.records.length
    for (const [index, task] of tasks.entries()) {
      await foldPassing(task, batch, index === 0)
      if (round % 2 === 0) continue
      await task.prepareFlush()
      const flushed = task.take([
        { topic: batch.topic, partition: 0, from: batch.records[0]!.offset, to: batch.nextOffset },
      ])
      written[index]!.push(...flushed.map(shown))
      if (index === 0) deadLetters += flushed.filter(({ topic }) => topic === names.deadLetters).length
    }
  }
  for (const observer of observers) await observer.close()
  await producer.close()
  await log.close()
  return { written: written[0]!, parsing: written[1]!, records, readCount, deadLetters }
}

async function foldPassing(task: Task, batch: RecordBatch, isOverwritten: boolean): Promise<void> {
  if (!isOverwritten) return task.fold(batch)
  const records = batch.records.map((record) => ({
    ...record,
    key: record.key && Buffer.from(record.key),
    value: record.value && Buffer.from(record.value),
    headers: { trace: Buffer.from(String(record.headers.trace)) },
  }))
  await task.fold({ ...batch, records })
  for (const { key, value, headers } of records) {
    for (const bytes of [key, value, headers.trace]) bytes?.fill('?')
  }
}

function twinBatch(draw: Draw, mapping: Mapping, topic: string, from: number): RecordBatch {
  const records = Array.from({ length: 20 + draw.below(40) }, (_, index) => {
    const text = topic === 'labels' ? labelText(draw, mapping) : featureText(draw, mapping)
    // Few ids, so that labels and repeats meet.
    const met = text.replace(/p-\d+/g, (id) => `p-${Number(id.slice(2)) % IDS}`)
    const faults = draw.chance(0.6) ? 0 : 1 + draw.below(2)
    return {
      offset: from + index,
      timestamp: START_MS + draw.below(1e9),
      key: Buffer.from('key'),
      value: draw.chance(0.01) ? null : mutated(draw, Buffer.from(met), faults),
      headers: { trace: Buffer.from(`${index}`) },
    }
  })
  const nextOffset = from + records.length
  return { topic, partition: 0, records, nextOffset, highWatermark: nextOffset }
}

/** Three models whose events the records are of; one has classes, and one learns its references. */
function twinOptions(mapping: Mapping): AppOptions {
  const features: ConfiguredModel['features'] = new Map(
    FEATURE_NAMES.slice(0, 14).map((name, at) => [
      name,
      { type: at % 3 === 0 ? 'categorical' : 'numeric', windowMs: null },
    ]),
  )
  const model = (name: string, over: Partial<ConfiguredModel> = {}): [string, ConfiguredModel] => [
    name,
    { ...smallModel, name, features, ...over },
  ]
  const base = smallOptions('unused')
  return {
    ...base,
    mapping,
    stream: {
      ...base.stream,
      paneMs: DAY_MS,
      futureMaxMs: 9 * DAY_MS,
      pastMaxMs: 8 * DAY_MS,
      waitingMax: 60,
    },
    models: new Map([
      model('flights', { learning: { cutAt: 30, countUntil: 100 } }),
      model('loans', { task: 'multiclass' }),
      model('bench', { task: 'regression', learning: { cutAt: 10, countUntil: 50 } }),
    ]),
  }
}

/** Numbers alone for one version, so that an event has nothing but numbers; all kinds for the others. */
function twinReference(
  draw: Draw,
  { name, task, positiveLabel, features }: ConfiguredModel,
  version: string,
) {
  const chosen = [...features].filter(([, { type }]) => version === '1' || type === 'numeric')
  return buildReference({
    model: name,
    version,
    createdAt: START_MS,
    task,
    positiveLabel,
    features: new Map(chosen.map(([feature, { type }]) => [feature, type] as const)),
    rows: () =>
      Array.from({ length: 60 }, () => ({
        features: Object.fromEntries(
          chosen.map(([feature, { type }]) => [
            feature,
            type === 'numeric' ? (draw.below(2e6) - 1e6) / 1e4 : draw.of(['DEN', 'SLC', 'store-17']),
          ]),
        ),
        prediction: draw.of(['yes', 'no']),
        score: { yes: 0.5, no: 0.5 },
        label: draw.of(['yes', 'no']),
      })),
  })
}

function shown({ topic, partition, key, value, headers, timestamp }: OutgoingRecord): string {
  const hex = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('hex'))
  return JSON.stringify({ topic, partition, key: hex(key), value: hex(value), headers, timestamp })
}
