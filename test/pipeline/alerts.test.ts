import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WebhookSinkOptions } from '../../src/config/alert-options.ts'
import { startProcesses } from '../../src/consumers/start.ts'
import { topicSpecs } from '../../src/consumers/topics.ts'
import { ALERT_SUBJECTS, type AlertEvent } from '../../src/events/alert-event.ts'
import { type DriftEvent, driftEventExample } from '../../src/events/drift-event.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import { Metrics } from '../../src/metrics/metrics.ts'
import { driftRecord } from '../../src/producers/control-events.ts'
import { type AlertReceiver, openAlertReceiver } from '../support/alert-receiver.ts'
import { openSmallPipeline, smallOptions } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 30, eventsPerMinute: 120, seed: 2 }
let receiver: AlertReceiver
let sink: WebhookSinkOptions

beforeEach(async () => {
  receiver = await openAlertReceiver()
  sink = {
    kind: 'webhook',
    name: 'receiver',
    url: receiver.url,
    secret: null,
    models: null,
    diagnoses: null,
    about: new Set(ALERT_SUBJECTS),
    severity: 'info',
    atMost: 100,
    perMs: 3_600_000,
    staleAfterMs: 86_400_000,
    giveUpAfterMs: 60_000,
    requestTimeLimitMs: 5_000,
  }
})
afterEach(() => receiver.close())

const alerts = () => receiver.received.map(({ body }): AlertEvent => JSON.parse(body).data)

function listening() {
  const lines: { msg: string; reason?: string }[] = []
  return { lines, logger: pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) }) }
}

function countOf(metrics: Metrics, name: string, outcome: string): number {
  const family = metrics.families().find(({ definition }) => definition.name === name)
  return family?.series.find(({ labels }) => labels.outcome === outcome)?.value ?? 0
}

describe('alerts of the whole pipeline', () => {
  it('tell each episode, request and end of a rollout once, also over a restart', async () => {
    const pipeline = await openSmallPipeline(world, undefined, { alerts: [sink] })
    await pipeline.play(world, 0, 43)
    await pipeline.restart()
    await pipeline.play(world, 43, 70)
    const { drift, requests, deployments } = await pipeline.published()
    await pipeline.stop()
    const told = alerts()
    const of = (about: string) => told.filter((alert) => alert.about === about)
    const begun = drift.filter(({ state }) => state === 'started').map(({ episodeId }) => episodeId)
    expect(begun.length).toBeGreaterThan(0)
    for (const episodeId of begun) {
      const states = of('episode')
        .filter((alert) => alert.episodeId === episodeId)
        .map(({ state }) => state)
      const changes = drift.filter((event) => event.episodeId === episodeId && event.state === 'ongoing')
      const ends = drift.filter((event) => event.episodeId === episodeId && event.state === 'resolved')
      expect(states).toEqual(['started', ...changes.map(() => 'changed'), ...ends.map(() => 'resolved')])
    }
    expect(of('request').map(({ requestId }) => requestId)).toEqual(requests.map(({ id }) => id))
    expect(requests.length).toBeGreaterThan(0)
    const ends = deployments.filter(({ stage }) => stage === 'promoted' || stage === 'rejected')
    expect(of('deployment').map(({ state }) => state)).toEqual(ends.map(({ stage }) => stage))
    expect(ends.length).toBeGreaterThan(0)
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
  })

  it('that nobody takes are given up, told and counted, and stop neither the stream nor other sinks', async () => {
    receiver.answer = () => 503
    const metrics = new Metrics()
    const { lines, logger } = listening()
    const here = { ...sink, kind: 'log', name: 'here' } as const
    const dead = { ...sink, giveUpAfterMs: 0 }
    const pipeline = await openSmallPipeline(world, undefined, { alerts: [dead, here], metrics, logger })
    await pipeline.play(world, 0, 60)
    const { deployments } = await pipeline.published()
    await pipeline.stop()
    expect(deployments.length).toBeGreaterThan(0)
    const failed = countOf(metrics, 'driftstream_alerts_total', 'failed')
    expect(failed).toBeGreaterThan(2)
    expect(countOf(metrics, 'driftstream_alerts_total', 'delivered')).toBe(failed)
    const given = lines.filter(({ msg }) => msg === 'an alert could not be delivered, and is given up')
    expect(given).toHaveLength(failed)
    expect(given[0]!.reason).toContain('expected 2xx from receiver, got 503')
    const told = lines.filter((line) => 'alert' in line && typeof line.alert === 'object')
    expect(told).toHaveLength(failed)
  })
})

describe('an alerter', () => {
  const names = smallOptions('unused').topics.names
  const drift = (episodeId: string, state: DriftEvent['state'] = 'started'): DriftEvent => {
    return { ...driftEventExample, id: `${episodeId}-${state}`, episodeId, state }
  }

  async function opened(partitions = 1) {
    const log = openMemoryLog()
    await log.createTopics(topicSpecs(names, partitions, 1, true))
    const producer = await log.openProducer()
    const send = (event: DriftEvent, at = Date.now()) =>
      producer.send([
        driftRecord(event, { topic: names.driftEvents, partitions }, { source: '/test', now: at }),
      ])
    const start = async (metrics = new Metrics()) => {
      const stop = new AbortController()
      const logger = pino({ level: 'silent' })
      const options = { ...smallOptions('unused'), alerts: [sink] }
      const clock = { now: () => Date.now() }
      const [running] = await startProcesses(['alerter'], log, options, {
        clock,
        logger,
        signal: stop.signal,
        metrics,
      })
      return {
        running: running!,
        async stop() {
          stop.abort()
          await running!.done
        },
      }
    }
    return { log, send, start }
  }

  it('that stops before an alert has arrived delivers it after its restart, with the same id, and then no more', async () => {
    const { log, send, start } = await opened()
    receiver.answer = () => 503
    const first = await start()
    await send(drift('e1'))
    await receiver.got(1)
    await first.stop()
    expect(await log.committed('small.alerter', [{ topic: names.driftEvents, partition: 0 }])).toMatchObject([
      { offset: 0 },
    ])

    const before = receiver.received.length
    receiver.answer = () => 204
    const second = await start()
    await receiver.got(before + 1)
    const { written } = await send(drift('e2'))
    await receiver.got(before + 2)
    await second.running.progress.settled(written)
    await second.stop()

    const third = await start()
    await send(drift('e1', 'resolved'))
    await receiver.got(before + 3)
    await third.stop()
    const told = alerts().slice(before - 1)
    expect(told.map(({ episodeId, state }) => [episodeId, state])).toEqual([
      ['e1', 'started'],
      ['e1', 'started'],
      ['e2', 'started'],
      ['e1', 'resolved'],
    ])
    expect(told[1]!.id).toBe(told[0]!.id)
    await log.close()
  })

  it('does not tell the past at its first start', async () => {
    const { log, send, start } = await opened()
    const metrics = new Metrics()
    await send(drift('e1'), Date.now() - 2 * 86_400_000)
    await send(drift('e2'))
    const alerter = await start(metrics)
    await receiver.got(1)
    await alerter.stop()
    expect(alerts().map(({ episodeId }) => episodeId)).toEqual(['e2'])
    expect(countOf(metrics, 'driftstream_alerts_total', 'stale')).toBe(1)
    await log.close()
  })

  it('passes over what is no event', async () => {
    const { log, send, start } = await opened()
    const producer = await log.openProducer()
    const broken = {
      topic: names.driftEvents,
      partition: 0,
      key: null,
      value: Buffer.from('{'),
      timestamp: Date.now(),
    }
    await producer.send([broken, { ...broken, value: null }])
    await send(drift('e1'))
    const alerter = await start()
    await receiver.got(1)
    await alerter.stop()
    expect(alerts()).toHaveLength(1)
    await log.close()
  })

  it('refuses to start without a place to send to, and on topics that are cut differently', async () => {
    const { log } = await opened()
    const surroundings = {
      clock: { now: () => 0 },
      logger: pino({ level: 'silent' }),
      signal: new AbortController().signal,
    }
    const start = (alerts: WebhookSinkOptions[]) =>
      startProcesses(['alerter'], log, { ...smallOptions('unused'), alerts }, surroundings)
    await expect(start([])).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await log.createTopics([{ topic: 'other-drift-events', partitions: 2 }])
    const topics = {
      ...smallOptions('unused').topics,
      names: { ...names, driftEvents: 'other-drift-events' },
    }
    await expect(
      startProcesses(['alerter'], log, { ...smallOptions('unused'), topics, alerts: [sink] }, surroundings),
    ).rejects.toMatchObject({ code: 'TOPIC_PARTITIONS_MISMATCH' })
    await log.close()
  })
})
