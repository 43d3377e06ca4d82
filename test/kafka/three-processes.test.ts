import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { type DeploymentEvent, deploymentEventType } from '../../src/events/deployment-event.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { countSketches } from '../support/count-sketches.ts'
import { Installation } from '../support/installation.ts'
import { describeKafka, uniqueName } from '../support/kafka.ts'
import { playMinute, publishSmallReference } from '../support/small-installation.ts'
import type { SmallWorld } from '../support/small-world.ts'

const TRAINER = new URL('../support/small-trainer.ts', import.meta.url).pathname
/** Long past: nothing may compare the stream's time with the clock's. */
const world: SmallWorld = { startMs: Date.UTC(2026, 0, 5), turnsAtMinute: 30, eventsPerMinute: 120, seed: 11 }
const PARTITIONS = 2

describeKafka('three processes on a real broker', () => {
  let own: Installation

  beforeEach(async () => {
    own = await Installation.open({
      name: 'three',
      partitions: PARTITIONS,
      connectTimeout: '3s',
      rest: configured,
    })
  })

  afterEach(async () => {
    await own.close()
  })

  it('carries feature events to a promoted version, counts each once, and stops cleanly on SIGTERM', async () => {
    expect((await own.run('topics', 'create', '--keep-forever')).code).toBe(0)
    await publishSmallReference(own, world)

    const processes = ['observe', 'detect', 'retrain'].map((command) => own.start([command]))
    const deployments = await own.log.join({ group: uniqueName('watch'), topics: [own.names.deployments] })
    let sent = 0
    for (let minute = 0; minute < 60; minute++) sent += await playMinute(own, world, minute, '1')
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
    for (let minute = 60; minute < 65; minute++) sent += await playMinute(own, world, minute, '2')
    expect(await counted(sent)).toEqual({ events: sent, labelled: sent })
    for (const child of processes) child.process.kill('SIGTERM')
    expect(await Promise.all(processes.map(async ({ ended }) => (await ended).code))).toEqual([0, 0, 0])
    expect(await countSketches(own.log, own.names.sketches)).toEqual({ events: sent, labelled: sent })
    await deployments.close()
  }, 90_000)

  it('refuses to start with every fault at once: missing topics, partitions that do not match', async () => {
    await own.log.createTopics([
      { topic: own.names.features, partitions: 2 },
      { topic: own.names.labels, partitions: 3 },
    ])
    const { code, stderr } = await own.run('run')
    expect(code).toBe(78)
    expect(stderr).toContain(`topics.labels: expected 2 partitions as "${own.prefix}.features" has`)
    for (const missing of ['sketches', 'references', 'drift-events', 'retrain-requests', 'deployments']) {
      expect(stderr).toContain(`"${own.prefix}.${missing}" to exist`)
    }
  }, 30_000)

  it('refuses to start when no broker answers, naming the address', async () => {
    const elsewhere = { DRIFTSTREAM_KAFKA__BROKERS: '127.0.0.1:1' }
    const { code, stderr } = await own.start(['observe'], elsewhere).ended
    expect(code).toBe(78)
    expect(stderr).toContain('BROKER_UNREACHABLE')
    expect(stderr).toContain('127.0.0.1:1')
  }, 30_000)

  /** Reads the sketches as they are written until they hold so many events and labels, or more. */
  async function counted(wanted: number) {
    const sketches = await own.log.join({ group: uniqueName('count'), topics: [own.names.sketches] })
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
})

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
      trigger: { kind: performance }
      cooldown: 60m
      minimumSample: 1500
    retraining:
      holdoutMin: 200
      trainer: { command: [${process.execPath}, ${TRAINER}], timeLimit: 30s }
artifacts: ${join(directory, 'artifacts')}`
}
