import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import type { ReplayResult } from '../../src/replay/result.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { framedRecords, schemasOf } from '../support/fake-registry.ts'
import { type HttpRegistry, openHttpRegistry } from '../support/http-registry.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'
import { runCli } from '../support/run-cli.ts'
import { type SmallHistory, smallHistory } from '../support/small-history.ts'
import { smallReference } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const SUPPORT = fileURLToPath(new URL('../support/', import.meta.url))
const PARTITIONS = 3
const MINUTE_MS = 60_000
const world: SmallWorld = { startMs: Date.UTC(2026, 0, 5), turnsAtMinute: 20, eventsPerMinute: 100, seed: 3 }
const fromMs = world.startMs + 4 * MINUTE_MS
const toMs = world.startMs + 60 * MINUTE_MS
const TIMES = ['--from', new Date(fromMs).toISOString(), '--to', new Date(toMs).toISOString()]

describeKafka('a replay of topics, on a real broker', () => {
  let directory: string
  const prefix = uniqueName('replay')
  const history = smallHistory(world, 70)
  const to = (topic: string) => ({ topic: `${prefix}.${topic}`, partitions: PARTITIONS })
  let registry: HttpRegistry
  const inFrames = framedRecords('AVRO')
  const records = {
    features: history.features.map((event) => featureRecord(event, to('features'))),
    labels: history.labels.map((event) => labelRecord(event, to('labels'))),
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'driftstream-replay-range-'))
    registry = await openHttpRegistry(schemasOf('AVRO'))
    const reference = toReferenceEvent(smallReference(world))
    const files = {
      'driftstream.yaml': configuration(prefix),
      'framed.yaml': `${configuration(`${prefix}.framed`)}schemaRegistry: { url: ${registry.url} }\n`,
      'f.jsonl': lines(history.features),
      'l.jsonl': lines(history.labels),
      'reference.json': JSON.stringify({ ...reference, source: 'file' }),
    }
    for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
    for (const file of ['driftstream.yaml', 'framed.yaml']) {
      expect(await runCli(directory, 'topics', 'create', '--keep-forever', '-c', file)).toMatchObject({
        code: 0,
      })
    }
    const log = await openKafkaLog({ brokers: kafka.brokers!, clientId: prefix, connectTimeoutMs: 10_000 })
    const producer = await log.openProducer()
    const stamp = { source: '/test', now: world.startMs }
    await producer.send([
      ...records.features,
      ...records.labels,
      ...history.features.map((event) => inFrames.feature(event, to('framed.features'))),
      ...history.labels.map((event) => inFrames.label(event, to('framed.labels'))),
      ...['references', 'framed.references'].map((topic) =>
        referenceRecord(reference, { topic: `${prefix}.${topic}`, partitions: 1 }, stamp),
      ),
    ])
    await producer.close()
    await log.close()
  }, 60_000)
  afterAll(async () => {
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('says of a range by time what it says of the same events in files, byte by byte', async () => {
    const fromFiles = await replay(...FILES, ...TIMES)
    const told = JSON.parse(fromFiles) as ReplayResult
    expect(told.policies[0]!.models[0]!.requested).toBeGreaterThan(0)
    expect(told.covered.fromMs).toBe(fromMs)
    expect(withoutOffsets(await replay('--kafka', ...TIMES))).toBe(withoutOffsets(fromFiles))
  }, 60_000)

  it('says the same of a range by offset', async () => {
    const spans = [...spansOf('features'), ...spansOf('labels')]
    const fromFiles = withoutOffsets(await replay(...FILES, ...TIMES))
    const text = spans.map(({ topic, partition, from, to }) => `${topic}:${partition}=${from}..${to}`)
    expect(withoutOffsets(await replay('--kafka', '--offsets', text.join(',')))).toBe(fromFiles)
    await writeFile(join(directory, 'request.json'), JSON.stringify({ trainingRange: { offsets: spans } }))
    expect(withoutOffsets(await replay('--kafka', '--offsets', 'request.json'))).toBe(fromFiles)
  }, 60_000)

  it('retrains on topics as it does on files', async () => {
    const retrain = ['--retrain', '--training-time', '2m', '-p', 'configured', '-p', 'never']
    const fromFiles = await replay(...FILES, ...TIMES, ...retrain)
    const { courses } = JSON.parse(fromFiles) as ReplayResult
    const stages = courses[0]!.models[0]!.deployments.map(({ stage }) => stage)
    expect(stages).toContain('shadow')
    expect(stages).toContain('promoted')
    expect(await replay('--kafka', ...TIMES, ...retrain)).toBe(fromFiles)
  }, 90_000)

  it('says the same of topics whose events lie in frames of a schema registry', async () => {
    const fromFiles = withoutOffsets(await replay(...FILES, ...TIMES))
    expect(withoutOffsets(await replay('--kafka', '-c', 'framed.yaml', ...TIMES))).toBe(fromFiles)
  }, 60_000)

  it('refuses offsets that are not there, and says which are', async () => {
    const features = `${prefix}.features`
    const refused: readonly (readonly [string, RegExp])[] = [
      [`${features}:1=0..999999`, /features:1: expected offsets within 0\.\.\d{4}, .* got 0\.\.999999/],
      [`${features}:7=0..1`, /expected a partition of .*features from 0 to 2, got 7/],
      [`${prefix}.sketches:0=0..1`, /expected partitions of .*features or .*labels, got .*sketches/],
      ['0..5', /expected topic:partition=from\.\.to/],
    ]
    for (const [spans, message] of refused) {
      const { code, stdout, stderr } = await runCli(directory, 'replay', '-q', '--kafka', '--offsets', spans)
      expect({ spans, code, stdout }).toEqual({ spans, code: 78, stdout: '' })
      expect(stderr).toMatch(message)
    }
  }, 60_000)

  /** What of a topic lies in the range, by the offsets of each partition. */
  function spansOf(topic: 'features' | 'labels') {
    return Array.from({ length: PARTITIONS }, (_, partition) => {
      const own = records[topic].filter((record) => record.partition === partition)
      const before = (until: number) => own.filter(({ timestamp }) => timestamp < until).length
      return { topic: `${prefix}.${topic}`, partition, from: before(fromMs), to: before(toMs) }
    })
  }

  async function replay(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runCli(directory, 'replay', '-q', '--json', ...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }

  function configuration(prefix: string): string {
    const names = {
      features: 'features',
      labels: 'labels',
      sketches: 'sketches',
      references: 'references',
      driftEvents: 'drift-events',
      retrainRequests: 'retrain-requests',
      deployments: 'deployments',
      comparisons: 'comparisons',
      deadLetters: 'dead-letters',
      health: 'health',
      snapshots: 'snapshots',
    }
    const topics = Object.entries(names).map(([key, name]) => `  ${key}: ${prefix}.${name}`)
    return `
kafka: { brokers: [${kafka.brokers!.join(', ')}], connectTimeout: 10s }
topics:
${topics.join('\n')}
  partitions: ${PARTITIONS}
  replicationFactor: 1
group: ${prefix}
stream: { paneLength: 1m, grace: 0s, labelWait: 30m }
log: { level: warn, pretty: false }
models:
  small:
    version: 1
    task: binary
    features: { x: numeric, c: categorical }
    windows: { quality: 2m, data: 10m, performance: 10m, longest: 40m, labelDelay: 1m }
    budget: { falseRetrains: 1000 }
    detection: { sampleMin: 100 }
    triggers: { cooldown: 30m, minimumSample: 1000, trainingWindow: 60m }
    retraining:
      holdoutMin: 200
      rollout: { shadow: { minimum: 2m, maximum: 30m, labelledMin: 100 } }
      trainer: { command: [${process.execPath}, ${SUPPORT}small-trainer.ts] }
      predictor: { command: [${process.execPath}, ${SUPPORT}small-predictor.ts] }
`
  }
})

const FILES = ['-f', 'f.jsonl', '-l', 'l.jsonl', '--reference', 'reference.json']

function lines(rows: SmallHistory['features'] | SmallHistory['labels']): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** A training range tells where its records lie, which is what differs; the rest is the same bytes. */
function withoutOffsets(json: string): string {
  return JSON.stringify(JSON.parse(json, (key, value) => (key === 'offsets' ? null : value)))
}
