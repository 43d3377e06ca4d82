import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendDecision } from '../../src/consumers/send-command.ts'
import type { DeploymentStage } from '../../src/events/deployment-event.ts'
import { headerText } from '../../src/events/headers.ts'
import { commandRecord } from '../../src/producers/control-events.ts'
import { signatureHeaders } from '../../src/retraining/trainers/webhook-signature.ts'
import { openSmallPipeline, type SmallPipeline } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'
import { secretFileIn, TrainingService, wholeResultOf } from '../support/training-service.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 30,
  eventsPerMinute: 120,
  seed: 7,
}
const WAIT = { timeout: 60_000, interval: 50 }
const SECRET = 'secret-of-the-service'

let folder: string
let service: TrainingService
let pipeline: SmallPipeline

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driftstream-service-'))
  writeFileSync(join(folder, 'secret'), SECRET)
  service = new TrainingService(SECRET)
  await service.open()
})
afterEach(async () => {
  service.letGo = true
  await pipeline?.stop()
  await service.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(restartsMax = 0): Promise<void> {
  pipeline = await openSmallPipeline(world, undefined, {
    trainer: {
      kind: 'webhook',
      url: service.url,
      secret: secretFileIn(folder),
      requestTimeLimitMs: 5_000,
      timeLimitMs: 120_000,
      restartsMax,
    },
    predictor: {
      kind: 'http',
      url: new URL('/predict', service.url).href,
      timeLimitMs: 30_000,
    },
  })
}

const stages = async () => (await pipeline.published()).deployments.map(({ stage }) => stage)
const reached = (stage: DeploymentStage) =>
  vi.waitFor(async () => expect(await stages()).toContain(stage), WAIT)

/** Plays until the request is being answered: nothing settles while the service holds the job. */
async function playTo(stage: DeploymentStage): Promise<void> {
  const stopped = pipeline.play(world, 0, 60).catch(() => {})
  await reached(stage)
  await pipeline.restart()
  await stopped
}

const posts = () => service.calls.filter(({ method }) => method === 'POST')

describe('a training service over HTTP', () => {
  it('that stumbles first is offered one delivery again; a restart asks after its job and offers none', async () => {
    service.stumbles.push(503, 429)
    await open()
    await playTo('training')
    expect(posts()).toHaveLength(3)
    const { requests } = await pipeline.published()
    const { id, idempotencyKey } = requests[0]!
    for (const call of posts()) {
      expect(call).toMatchObject({ deliveryId: id, idempotencyKey: `"${idempotencyKey}"` })
    }
    await pipeline.restart()
    service.letGo = true
    await reached('promoted')
    expect(await stages()).toEqual(['accepted', 'training', 'validating', 'validated', 'promoted'])
    expect(posts()).toHaveLength(3)
    expect(service.jobs).toHaveLength(1)
    expect(service.refused).toEqual([])
  })

  it('is told when its job is cancelled', async () => {
    await open()
    await playTo('training')
    const [request] = (await pipeline.published()).requests
    const decision = { kind: 'cancel', request: request!.id, by: 'ada', reason: '', at: 0 } as const
    await sendDecision(pipeline.log, pipeline.options.topics.names, decision)
    await reached('cancelled')
    await vi.waitFor(() => expect(service.jobs[0]?.cancelled).toBe(true), WAIT)
  })

  it.each([
    [0, ['accepted', 'training', 'failed'], 1],
    [1, ['accepted', 'training', 'training', 'validating', 'validated', 'promoted'], 2],
  ])('that loses its job, with %i restarts allowed: %j', async (restartsMax, expected, jobs) => {
    await open(restartsMax)
    await playTo('training')
    service.jobs[0]!.forgotten = true
    await vi.waitFor(async () => expect(await stages()).toHaveLength(3), WAIT)
    service.letGo = true
    await reached(expected.at(-1) as DeploymentStage)
    expect(await stages()).toEqual(expected)
    expect(service.jobs).toHaveLength(jobs)
    const { deployments } = await pipeline.published()
    if (restartsMax === 0) expect(deployments.at(-1)!.reason).toContain('got 404: no such job')
    else {
      expect(deployments[2]).toMatchObject({ restarts: 1, reason: expect.stringContaining('was lost') })
      expect(service.jobs[1]!.deliveryId).toBe(`${service.jobs[0]!.deliveryId}.1`)
    }
  })

  it('calls back, signed: a wrong or stale signature is a dead letter, a second callback is ignored', async () => {
    service.callsBack = true
    await open()
    await playTo('training')
    const { input } = service.jobs[0]!
    const result = wholeResultOf(input)
    const clock = Date.now()
    await callBack(input.requestId, { ...result, artifact: 'unsigned' }, null, clock)
    await callBack(input.requestId, { ...result, artifact: 'forged' }, 'another secret', clock)
    await callBack(input.requestId, { ...result, artifact: 'stale' }, SECRET, clock - 3_600_000)
    await vi.waitFor(async () => expect((await pipeline.published()).deadLetters).toHaveLength(3), WAIT)
    expect(await stages()).toEqual(['accepted', 'training'])
    const { deadLetters } = await pipeline.published()
    const codes = deadLetters.map(({ headers }) =>
      headerText(headers, '__connect.errors.exception.class.name'),
    )
    expect(codes).toEqual(['CALLBACK_REFUSED', 'CALLBACK_REFUSED', 'CALLBACK_REFUSED'])

    await callBack(input.requestId, result, SECRET, clock)
    await callBack(input.requestId, { ...result, artifact: 'second' }, SECRET, clock)
    await reached('promoted')
    const { deployments } = await pipeline.published()
    expect(deployments.at(-1)!.artifact).toBe(result.artifact)
    expect((await pipeline.published()).deadLetters).toHaveLength(3)
  })
})

async function callBack(
  requestId: string,
  result: { artifact: string },
  secret: string | null,
  signedAt: number,
): Promise<void> {
  const { log, options } = pipeline
  const at = Date.now()
  const command = {
    id: `${requestId}-${result.artifact}`,
    model: 'small',
    at,
    by: 'service',
    reason: '',
    kind: 'training-result',
    requestId,
    result: { notes: '', ...result },
  } as const
  const topic = options.topics.names.commands
  const to = { topic, partitions: options.topics.partitions }
  const record = commandRecord(command, to, { source: '/service', now: at })
  const seconds = Math.floor(signedAt / 1000)
  const body = Buffer.from(record.value!).toString('utf8')
  const signed = signatureHeaders(secret, `callback-${result.artifact}`, seconds, body)
  const producer = await log.openProducer()
  await producer.send([{ ...record, headers: { ...record.headers, ...signed } }])
  await producer.close()
}
