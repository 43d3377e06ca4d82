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
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'
import { smallReference } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'
import { topicLines } from '../support/topic-names.ts'
import { TrainingService } from '../support/training-service.ts'

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname
const world: SmallWorld = { startMs: Date.UTC(2026, 0, 5), turnsAtMinute: 30, eventsPerMinute: 120, seed: 11 }
const PARTITIONS = 2
const SECRET = 'secret-of-the-service'

describeKafka('a trainer and a predictor over HTTP on a real broker', () => {
  let directory: string
  let config: string
  let prefix: string
  let log: Log
  let producer: Producer
  let service: TrainingService
  const children: ChildProcess[] = []

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'driftstream-webhook-'))
    await writeFile(join(directory, 'secret'), SECRET)
    service = new TrainingService(SECRET)
    await service.open()
    prefix = uniqueName('webhook')
    config = join(directory, 'driftstream.yaml')
    await writeFile(config, configuration())
    log = await openKafkaLog({ brokers: kafka.brokers!, clientId: prefix, connectTimeoutMs: 10_000 })
    producer = await log.openProducer()
  })

  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
    await producer.close()
    await log.close()
    await service.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('retrain --wait to the approval, approve to the promotion, and a second word refused', async () => {
    expect((await driftstream('topics', 'create', '--keep-forever').ended).code).toBe(0)
    const references = { topic: `${prefix}.references`, partitions: PARTITIONS }
    const stamp = { source: '/test', now: world.startMs }
    await producer.send([referenceRecord(toReferenceEvent(smallReference(world)), references, stamp)])
    const running = driftstream('run')
    for (let minute = 0; minute < 50; minute++) await play(minute)
    // A wish that overtakes the stream would be decided by panes of before the turn.
    await judgedUntil(world.startMs + 48 * 60_000)

    service.letGo = true
    const asking = driftstream('retrain', 'small', '--by', 'ann', '--reason', 'prices', '--wait', '--json')
    await asking.says('"kind":"asked"')
    for (let minute = 50; minute < 56; minute++) await play(minute)
    const asked = await asking.ended
    const told = asked.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(told.map(({ kind, event }) => event?.stage ?? kind)).toEqual([
      'asked',
      'requested',
      'accepted',
      'training',
      'validating',
      'validated',
      'awaiting-approval',
    ])
    expect(asked.code).toBe(0)
    const { request } = told[1]
    expect(service.jobs.map(({ deliveryId }) => deliveryId)).toEqual([request.id])
    expect(service.calls[0]!.idempotencyKey).toBe(`"${request.idempotencyKey}"`)
    expect(service.refused).toEqual([])

    const approved = await driftstream('approve', request.id.slice(0, 8), '--by', 'bob', '--json').ended
    expect(approved.code).toBe(0)
    expect(JSON.parse(approved.stdout)).toMatchObject({ kind: 'approve', requestId: request.id, by: 'bob' })
    const promoted = await promotion()
    expect(promoted).toMatchObject({ requestId: request.id, toVersion: '2', artifact: 'weight:-3' })
    expect(promoted.reason).toContain('approved by bob')
    for (const word of ['approve', 'reject', 'cancel']) {
      const late = await driftstream(word, request.id).ended
      expect(late.code).toBe(78)
      expect(late.stderr).toContain('REQUEST_UNKNOWN')
    }
    running.process.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  }, 120_000)

  async function play(minute: number): Promise<void> {
    const events = minuteOf(world, minute)
    const features = { topic: `${prefix}.features`, partitions: PARTITIONS }
    const labels = { topic: `${prefix}.labels`, partitions: PARTITIONS }
    await producer.send([
      ...events.map((event) => featureRecord(featureEventOf(event, '1'), features)),
      ...events.map((event) => labelRecord(labelEventOf(event), labels)),
    ])
  }

  async function judgedUntil(at: number): Promise<void> {
    for (;;) {
      const { stdout } = await driftstream('status', '--json').ended
      if ((JSON.parse(stdout).health?.at ?? 0) >= at) return
    }
  }

  /** The test's own time bounds the wait. */
  async function promotion(): Promise<DeploymentEvent> {
    const deployments = await log.join({ group: uniqueName('watch'), topics: [`${prefix}.deployments`] })
    for (;;) {
      const poll = await deployments.poll(1_000)
      if (poll.kind !== 'records') continue
      const events = poll.batch.records.map(({ value, headers }) =>
        decodeCloudEvent(deploymentEventType, value, headers),
      )
      const promoted = events.find(({ stage }) => stage === 'promoted')
      if (promoted === undefined) continue
      await deployments.close()
      return promoted
    }
  }

  function driftstream(...words: string[]) {
    const child = spawn(process.execPath, [MAIN, ...words, '-c', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    const out = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => {
      out.stdout += chunk
      child.emit('said')
    })
    child.stderr.on('data', (chunk) => (out.stderr += chunk))
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...out }))
    const says = async (text: string) => {
      while (!out.stdout.includes(text)) await Promise.race([once(child, 'said'), ended])
    }
    return { process: child, ended, says }
  }

  function configuration(): string {
    return `
kafka: { brokers: [${kafka.brokers!.join(', ')}], connectTimeout: 10s }
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
      trigger: { kind: age, max: 9999d }
      minimumSample: 1000
      trainingWindow: 15m
    retraining:
      holdoutMin: 200
      approval: { required: true }
      predictor: { url: "${new URL('/predict', service.url).href}", timeLimit: 30s }
      trainer:
        webhook: { url: "${service.url}", secretFile: ${join(directory, 'secret')} }
        timeLimit: 60s
artifacts: ${join(directory, 'artifacts')}
log: { level: info, pretty: false }
`
  }
})
