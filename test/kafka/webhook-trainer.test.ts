import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../../src/events/deployment-event.ts'
import { Installation } from '../support/installation.ts'
import { describeKafka, uniqueName } from '../support/kafka.ts'
import { playMinute, publishSmallReference } from '../support/small-installation.ts'
import type { SmallWorld } from '../support/small-world.ts'
import { TrainingService } from '../support/training-service.ts'

const world: SmallWorld = { startMs: Date.UTC(2026, 0, 5), turnsAtMinute: 30, eventsPerMinute: 120, seed: 11 }
const PARTITIONS = 2
const SECRET = 'secret-of-the-service'

describeKafka('a trainer and a predictor over HTTP on a real broker', () => {
  let own: Installation
  let service: TrainingService

  beforeEach(async () => {
    service = new TrainingService(SECRET)
    await service.open()
    own = await Installation.open({ name: 'webhook', partitions: PARTITIONS, rest: configured })
    await writeFile(join(own.directory, 'secret'), SECRET)
  })

  afterEach(async () => {
    await own.close()
    await service.close()
  })

  it('retrain --wait to the approval, approve to the promotion, and a second word refused', async () => {
    expect((await own.run('topics', 'create', '--keep-forever')).code).toBe(0)
    await publishSmallReference(own, world)
    const running = own.start(['run'])
    for (let minute = 0; minute < 50; minute++) await playMinute(own, world, minute)
    // A wish that overtakes the stream would be decided by panes of before the turn.
    await judgedUntil(world.startMs + 48 * 60_000)

    service.letGo = true
    const asking = own.start([
      ...['retrain', 'small', '--by', 'ann', '--reason', 'prices', '--wait', '--json'],
    ])
    await asking.says('"kind":"asked"')
    for (let minute = 50; minute < 56; minute++) await playMinute(own, world, minute)
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

    const approved = await own.run('approve', request.id.slice(0, 8), '--by', 'bob', '--json')
    expect(approved.code).toBe(0)
    expect(JSON.parse(approved.stdout)).toMatchObject({ kind: 'approve', requestId: request.id, by: 'bob' })
    const promoted = await promotion()
    expect(promoted).toMatchObject({ requestId: request.id, toVersion: '2', artifact: 'weight:-3' })
    expect(promoted.reason).toContain('approved by bob')
    for (const word of ['approve', 'reject', 'cancel']) {
      const late = await own.run(word, request.id)
      expect(late.code).toBe(78)
      expect(late.stderr).toContain('REQUEST_UNKNOWN')
    }
    running.process.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  }, 120_000)

  async function judgedUntil(at: number): Promise<void> {
    for (;;) {
      const { stdout } = await own.run('status', '--json')
      if ((JSON.parse(stdout).health?.at ?? 0) >= at) return
    }
  }

  /** The test's own time bounds the wait. */
  async function promotion(): Promise<DeploymentEvent> {
    const deployments = await own.log.join({ group: uniqueName('watch'), topics: [own.names.deployments] })
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

  function configured(directory: string): string {
    return `stream: { paneLength: 1m, grace: 0s, labelWait: 30m, flushInterval: 100ms, pastMax: 1d }
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
artifacts: ${join(directory, 'artifacts')}`
  }
})
