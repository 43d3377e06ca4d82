import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../../src/events/deployment-event.ts'
import { retrainRequestExample } from '../../src/events/retrain-request.ts'
import type { GroupConsumer } from '../../src/log/port.ts'
import { referenceRecord, retrainRequestRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { Installation } from '../support/installation.ts'
import { describeKafka, uniqueName } from '../support/kafka.ts'
import { smallReference } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'

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
  let own: Installation
  let watching: GroupConsumer
  let events: DeploymentEvent[]

  beforeEach(async () => {
    own = await Installation.open({ name: 'decisions', partitions: PARTITIONS, rest: configured })
    expect((await own.run('topics', 'create', '--keep-forever')).code).toBe(0)
    watching = await own.log.join({ group: uniqueName('watch'), topics: [own.names.deployments] })
    events = []
    for (const model of MODELS) await playPast(model)
    for (const model of MODELS) await request(model)
  })

  afterEach(async () => {
    await watching.close()
    await own.close()
  })

  it('awaiting approval, in shadow and in a canary; a restart revives nobody', async () => {
    const first = own.start(['retrain'])
    for (const model of MODELS) await comesTo(model, AT_STAGE[model].stage)
    expect(lastOf('shared').trafficShare).toBe(0.2)

    // Nothing is asked of a person in shadow or canary: there is nothing to reject, but much to cancel.
    for (const model of ['shadowed', 'shared'] as const) {
      const refused = await own.run('reject', `of-${model}`)
      expect([refused.code, refused.stderr]).toEqual([78, expect.stringContaining('to await approval')])
    }
    for (const [word, model, end] of [
      ['reject', 'asked', 'rejected'],
      ['cancel', 'shadowed', 'cancelled'],
      ['cancel', 'shared', 'cancelled'],
    ] as const) {
      const said = await own.run(word, `of-${model}`, '--by', 'bob', '--reason', 'too soon', '--json')
      expect(said.code).toBe(0)
      await comesTo(model, end)
      expect(lastOf(model)).toMatchObject({
        requestId: `of-${model}`,
        fromVersion: '1',
        toVersion: '2',
        trafficShare: 0,
        reason: `${end} by bob: too soon`,
      })
      const again = await own.run(word, `of-${model}`)
      expect([again.code, again.stderr]).toEqual([78, expect.stringContaining('REQUEST_UNKNOWN')])
    }
    first.process.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)

    const told = events.length
    const second = own.start(['retrain'])
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
    const references = { topic: own.names.references, partitions: PARTITIONS }
    const stamp = { source: '/test', now: world.startMs }
    const reference = toReferenceEvent({ ...smallReference(world), model })
    await own.producer.send([referenceRecord(reference, references, stamp)])
    const features = { topic: own.names.features, partitions: PARTITIONS }
    const labels = { topic: own.names.labels, partitions: PARTITIONS }
    const past = Array.from({ length: MINUTES }, (_, minute) => minuteOf(world, minute)).flat()
    const ofModel = past.map((event) => ({ ...event, id: `${model}-${event.id}` }))
    await own.producer.send([
      ...ofModel.map((event) => featureRecord({ ...featureEventOf(event, '1'), model }, features)),
      ...ofModel.map((event) => labelRecord({ ...labelEventOf(event), model }, labels)),
    ])
  }

  async function request(model: ModelName, id = `of-${model}`): Promise<void> {
    const at = world.startMs + MINUTES * MINUTE_MS
    const places = [own.names.features, own.names.labels].map(async (topic) =>
      (await own.log.offsets(topic)).map(({ partition, low, high }) => ({
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
    const to = { topic: own.names.retrainRequests, partitions: PARTITIONS }
    await own.producer.send([retrainRequestRecord(event, to, { source: '/test', now: Date.now() })])
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
})

function configured(directory: string): string {
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
  return `stream: { paneLength: 1m, grace: 0s, labelWait: 30m, flushInterval: 100ms, pastMax: 1d }
models:${models.join('')}
artifacts: ${join(directory, 'artifacts')}`
}
