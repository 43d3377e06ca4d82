import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TopicNames } from '../../src/config/options.ts'
import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../../src/events/deployment-event.ts'
import { retrainRequestExample } from '../../src/events/retrain-request.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { GroupConsumer, Log, Producer } from '../../src/log/port.ts'
import { referenceRecord, retrainRequestRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'
import { smallReference } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'
import { topicLines, topicNames } from '../support/topic-names.ts'

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname
const TRAINER = fileURLToPath(new URL('../support/small-trainer.ts', import.meta.url))
const MINUTE_MS = 60_000
const world: SmallWorld = { startMs: Date.UTC(2026, 0, 5), turnsAtMinute: 0, eventsPerMinute: 120, seed: 13 }
const MINUTES = 20
const PARTITIONS = 2

/** A model that comes to rest at each stage at which a person may say no. */
const AT_STAGE = {
  asked: { stage: 'awaiting-approval', retraining: 'approval: { required: true, timeout: 1d }' },
  shadowed: { stage: 'shadow', retraining: 'rollout: { shadow: {} }' },
  shared: { stage: 'canary', retraining: 'rollout: { canary: { steps: [0.2] } }' },
} as const
type ModelName = keyof typeof AT_STAGE
const MODELS = Object.keys(AT_STAGE) as ModelName[]

describeKafka('a person says no in time, on a real broker', () => {
  let directory: string
  let config: string
  let prefix: string
  let names: TopicNames
  let log: Log
  let producer: Producer
  let watching: GroupConsumer
  let events: DeploymentEvent[]
  const children: ChildProcess[] = []

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'driftstream-decisions-'))
    prefix = uniqueName('decisions')
    names = topicNames(`${prefix}.`)
    config = join(directory, 'driftstream.yaml')
    await writeFile(config, configuration())
    log = await openKafkaLog({ brokers: kafka.brokers!, clientId: prefix, connectTimeoutMs: 10_000 })
    producer = await log.openProducer()
    expect((await driftstream('topics', 'create', '--keep-forever').ended).code).toBe(0)
    watching = await log.join({ group: uniqueName('watch'), topics: [names.deployments] })
    events = []
    for (const model of MODELS) await playPast(model)
    for (const model of MODELS) await request(model)
  })

  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
    await watching.close()
    await producer.close()
    await log.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('awaiting approval, in shadow and in a canary; a restart revives nobody', async () => {
    const first = driftstream('retrain')
    for (const model of MODELS) await comesTo(model, AT_STAGE[model].stage)
    expect(lastOf('shared').trafficShare).toBe(0.2)

    // Nothing is asked of a person in shadow or canary: there is nothing to reject, but much to cancel.
    for (const model of ['shadowed', 'shared'] as const) {
      const refused = await driftstream('reject', `of-${model}`).ended
      expect([refused.code, refused.stderr]).toEqual([78, expect.stringContaining('to await approval')])
    }
    for (const [word, model, end] of [
      ['reject', 'asked', 'rejected'],
      ['cancel', 'shadowed', 'cancelled'],
      ['cancel', 'shared', 'cancelled'],
    ] as const) {
      const said = driftstream(word, `of-${model}`, '--by', 'bob', '--reason', 'too soon', '--json')
      expect((await said.ended).code).toBe(0)
      await comesTo(model, end)
      expect(lastOf(model)).toMatchObject({
        requestId: `of-${model}`,
        fromVersion: '1',
        toVersion: '2',
        trafficShare: 0,
        reason: `${end} by bob: too soon`,
      })
      const again = await driftstream(word, `of-${model}`).ended
      expect([again.code, again.stderr]).toEqual([78, expect.stringContaining('REQUEST_UNKNOWN')])
    }
    first.process.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)

    const told = events.length
    const second = driftstream('retrain')
    await second.says('tasks assigned')
    await request('asked', 'again-asked')
    // Whoever said no to one candidate is asked about the next, and versions are not used twice.
    await comesTo('asked', 'awaiting-approval')
    expect(lastOf('asked')).toMatchObject({ requestId: 'again-asked', toVersion: '3', fromVersion: '1' })
    expect(new Set(events.slice(told).map(({ requestId }) => requestId))).toEqual(new Set(['again-asked']))
    second.process.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  }, 120_000)

  /** What the retrainer learns from, and the reference it holds the rows to. */
  async function playPast(model: ModelName): Promise<void> {
    const references = { topic: names.references, partitions: PARTITIONS }
    const stamp = { source: '/test', now: world.startMs }
    const reference = toReferenceEvent({ ...smallReference(world), model })
    await producer.send([referenceRecord(reference, references, stamp)])
    const features = { topic: names.features, partitions: PARTITIONS }
    const labels = { topic: names.labels, partitions: PARTITIONS }
    const past = Array.from({ length: MINUTES }, (_, minute) => minuteOf(world, minute)).flat()
    const own = past.map((event) => ({ ...event, id: `${model}-${event.id}` }))
    await producer.send([
      ...own.map((event) => featureRecord({ ...featureEventOf(event, '1'), model }, features)),
      ...own.map((event) => labelRecord({ ...labelEventOf(event), model }, labels)),
    ])
  }

  async function request(model: ModelName, id = `of-${model}`): Promise<void> {
    const at = world.startMs + MINUTES * MINUTE_MS
    const places = [names.features, names.labels].map(async (topic) =>
      (await log.offsets(topic)).map(({ partition, low, high }) => ({
        topic,
        partition,
        from: low,
        to: high,
      })),
    )
    const range = { fromMs: world.startMs, toMs: at - MINUTE_MS }
    const event = {
      ...retrainRequestExample,
      ...{ id, model, at, window: range, deadlineAt: null },
      trainingRange: { ...range, basis: null, offsets: (await Promise.all(places)).flat() },
    }
    const to = { topic: names.retrainRequests, partitions: PARTITIONS }
    await producer.send([retrainRequestRecord(event, to, { source: '/test', now: Date.now() })])
  }

  const lastOf = (model: ModelName) => events.findLast((event) => event.model === model)!

  /** The test's own time bounds the wait. */
  async function comesTo(model: ModelName, stage: DeploymentEvent['stage']): Promise<void> {
    while (lastOf(model)?.stage !== stage) {
      const poll = await watching.poll(1_000)
      if (poll.kind !== 'records') continue
      for (const { value, headers } of poll.batch.records)
        events.push(decodeCloudEvent(deploymentEventType, value, headers))
      const { stage: now, reason } = lastOf(model) ?? {}
      if (now === 'failed' || now === 'refused') throw new Error(`expected ${stage}, got ${now}: ${reason}`)
    }
  }

  function driftstream(...words: string[]) {
    const child = spawn(process.execPath, [MAIN, ...words, '-c', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    const out = { stdout: '', stderr: '' }
    const note = (stream: keyof typeof out) => (chunk: Buffer) => {
      out[stream] += chunk
      child.emit('said')
    }
    child.stdout.on('data', note('stdout'))
    child.stderr.on('data', note('stderr'))
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...out }))
    const says = async (text: string) => {
      while (!`${out.stdout}${out.stderr}`.includes(text)) {
        const end = await Promise.race([once(child, 'said').then(() => null), ended])
        if (end !== null) throw new Error(`expected "${text}", it ended with ${end.code}: ${end.stderr}`)
      }
    }
    return { process: child, ended, says }
  }

  function configuration(): string {
    const models = MODELS.map(
      (model) => `
  ${model}:
    version: 1
    task: binary
    positiveLabel: 1
    features: { x: numeric, c: categorical }
    windows: { quality: 2m, data: 10m, performance: 10m, labelDelay: 1m }
    retraining:
      holdoutMin: 200
      ${AT_STAGE[model].retraining}
      trainer: { command: [${process.execPath}, ${TRAINER}], timeLimit: 60s }`,
    )
    return `
kafka: { brokers: [${kafka.brokers!.join(', ')}], connectTimeout: 10s }
topics:
${topicLines(`${prefix}.`)}
  partitions: ${PARTITIONS}
  replicationFactor: 1
group: ${prefix}
stream: { paneLength: 1m, grace: 0s, labelWait: 30m, flushInterval: 100ms, pastMax: 1d }
models:${models.join('')}
artifacts: ${join(directory, 'artifacts')}
log: { level: info, pretty: false }
`
  }
})
