import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../../src/events/deployment-event.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, Producer } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { countSketches } from '../support/count-sketches.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'
import { smallReference } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'
import { topicLines } from '../support/topic-names.ts'

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname
const TRAINER = new URL('../support/small-trainer.ts', import.meta.url).pathname
/** Long past: nothing may compare the stream's time with the clock's. */
const world: SmallWorld = { startMs: Date.UTC(2026, 0, 5), turnsAtMinute: 30, eventsPerMinute: 120, seed: 11 }
const PARTITIONS = 2

describeKafka('three processes on a real broker', () => {
  let directory: string
  let config: string
  let prefix: string
  let log: Log
  let producer: Producer
  const children: ChildProcess[] = []

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'driftstream-kafka-'))
    prefix = uniqueName('three')
    config = join(directory, 'driftstream.yaml')
    await writeFile(config, configuration(prefix, directory))
    log = await openKafkaLog({ brokers: kafka.brokers!, clientId: prefix, connectTimeoutMs: 10_000 })
    producer = await log.openProducer()
  })

  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null) child.kill('SIGKILL')
    }
    await producer.close()
    await log.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('carries feature events to a promoted version, counts each once, and stops cleanly on SIGTERM', async () => {
    expect((await run('topics', 'create', '--keep-forever')).code).toBe(0)
    const references = { topic: `${prefix}.references`, partitions: PARTITIONS }
    const stamp = { source: '/test', now: world.startMs }
    await producer.send([referenceRecord(toReferenceEvent(smallReference(world)), references, stamp)])

    const processes = ['observe', 'detect', 'retrain'].map((command) => start(command))
    const deployments = await log.join({ group: uniqueName('watch'), topics: [`${prefix}.deployments`] })
    let sent = 0
    for (let minute = 0; minute < 60; minute++) sent += await play(minute, '1')
    const seen: DeploymentEvent[] = []
    while (!seen.some(({ stage }) => stage === 'promoted' || stage === 'rejected' || stage === 'failed')) {
      const poll = await deployments.poll(1_000)
      if (poll.kind !== 'records') continue
      for (const { value, headers } of poll.batch.records) {
        seen.push(decodeCloudEvent(deploymentEventType, value, headers))
      }
    }
    expect(seen.map(({ stage, toVersion }) => `${stage} ${toVersion}`)).toEqual([
      'accepted 2',
      'training 2',
      'validating 2',
      'validated 2',
      'promoted 2',
    ])
    for (let minute = 60; minute < 65; minute++) sent += await play(minute, '2')
    expect(await counted(sent)).toEqual({ events: sent, labelled: sent })
    for (const child of processes) child.process.kill('SIGTERM')
    expect(await Promise.all(processes.map(({ exited }) => exited))).toEqual([0, 0, 0])
    expect(await countSketches(log, `${prefix}.sketches`)).toEqual({ events: sent, labelled: sent })
    await deployments.close()
  }, 90_000)

  it('refuses to start with every fault at once: missing topics, partitions that do not match', async () => {
    await log.createTopics([
      { topic: `${prefix}.features`, partitions: 2 },
      { topic: `${prefix}.labels`, partitions: 3 },
    ])
    const { code, stderr } = await run('run')
    expect(code).toBe(78)
    expect(stderr).toContain(`topics.labels: expected 2 partitions as "${prefix}.features" has`)
    for (const missing of ['sketches', 'references', 'drift-events', 'retrain-requests', 'deployments']) {
      expect(stderr).toContain(`"${prefix}.${missing}" to exist`)
    }
  }, 30_000)

  it('refuses to start when no broker answers, naming the address', async () => {
    const { code, stderr } = await run('observe', '--', { DRIFTSTREAM_KAFKA__BROKERS: '127.0.0.1:1' })
    expect(code).toBe(78)
    expect(stderr).toContain('BROKER_UNREACHABLE')
    expect(stderr).toContain('127.0.0.1:1')
  }, 30_000)

  async function play(minute: number, version: string): Promise<number> {
    const events = minuteOf(world, minute)
    const features = { topic: `${prefix}.features`, partitions: PARTITIONS }
    const labels = { topic: `${prefix}.labels`, partitions: PARTITIONS }
    await producer.send([
      ...events.map((event) => featureRecord(featureEventOf(event, version), features)),
      ...events.map((event) => labelRecord(labelEventOf(event), labels)),
    ])
    return events.length
  }

  /** Reads the sketches as they are written until they hold so many events and labels, or more. */
  async function counted(wanted: number) {
    const sketches = await log.join({ group: uniqueName('count'), topics: [`${prefix}.sketches`] })
    const sum = { events: 0, labelled: 0 }
    while (sum.events < wanted || sum.labelled < wanted) {
      const poll = await sketches.poll(1_000)
      if (poll.kind !== 'records') continue
      for (const { value } of poll.batch.records) {
        for (const { sketch } of decodeDelta(value!).entries) {
          sum.events += sketch.events
          sum.labelled += sketch.performance.n
        }
      }
    }
    await sketches.close()
    return sum
  }

  function start(...args: (string | Record<string, string>)[]) {
    const env = args.find((arg) => typeof arg === 'object') ?? {}
    const words = args.filter((arg) => typeof arg === 'string' && arg !== '--') as string[]
    const child = spawn(process.execPath, [MAIN, ...words, '-c', config], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    const exited = once(child, 'exit').then(([code]) => {
      if (code !== 0 && code !== 78) process.stderr.write(output)
      return code as number | null
    })
    return { process: child, exited, output: () => output }
  }

  async function run(...args: (string | Record<string, string>)[]) {
    const child = start(...args)
    const code = await child.exited
    return { code, stderr: child.output() }
  }
})

function configuration(prefix: string, directory: string): string {
  return `
kafka: { brokers: [${kafka.brokers!.join(', ')}], connectTimeout: 3s }
topics:
${topicLines(`${prefix}.`)}
  partitions: ${PARTITIONS}
  replicationFactor: 1
group: ${prefix}
stream: { paneLength: 1m, grace: 0s, labelWait: 30m, flushInterval: 100ms, pastMax: 1d }
models:
  small:
    version: 1
    task: binary
    positiveLabel: 1
    features: { x: numeric, c: categorical }
    windows: { quality: 2m, data: 10m, performance: 10m, labelDelay: 1m }
    detection: { sampleMin: 100 }
    triggers:
      trigger: { kind: performance }
      cooldown: 60m
      minimumSample: 1500
    retraining:
      holdoutMin: 200
      trainer: { command: [${process.execPath}, ${TRAINER}], timeLimit: 30s }
artifacts: ${join(directory, 'artifacts')}
log: { level: info, pretty: false }
`
}
