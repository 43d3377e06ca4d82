import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { settle } from '../../src/consumers/settle.ts'
import { startProcesses } from '../../src/consumers/start.ts'
import { topicSpecs } from '../../src/consumers/topics.ts'
import { type CloudEventType, decodeCloudEvent } from '../../src/events/cloud-event.ts'
import { driftEvent, driftEventType } from '../../src/events/drift-event.ts'
import { retrainRequest, retrainRequestType } from '../../src/events/retrain-request.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import type { OutgoingRecord } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { replayHistory } from '../../src/replay/replay-history.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import type { TriggerPolicy } from '../../src/triggers/policy.ts'
import { listedHistory, type SmallHistory, smallHistory, smallReplay } from '../support/small-history.ts'
import { smallModel } from '../support/small-options.ts'
import { readRecords, smallOptions, smallReference } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const MINUTE_MS = 60_000
const MINUTES = 50

/** The first to arrive first, a prediction before its label; in slices that end with what closes a pane. */
function slicesOf({ features, labels }: SmallHistory): OutgoingRecord[][] {
  const to = (topic: string) => ({ topic, partitions: 1 })
  const all = [
    ...features.map((event) => ({
      at: event.at,
      label: false,
      record: featureRecord(event, to('features')),
    })),
    ...labels.map((event) => ({ at: event.at, label: true, record: labelRecord(event, to('labels')) })),
  ].sort((a, b) => a.at - b.at || Number(a.label) - Number(b.label))
  const slices: OutgoingRecord[][] = [[]]
  let pane: number | null = null
  for (const { at, label, record } of all) {
    slices.at(-1)!.push(record)
    const own = Math.floor(at / MINUTE_MS)
    if (label || own === pane) continue
    pane = own
    slices.push([])
  }
  return slices
}

/** What observer and detector publish of the same stream, on a log in memory with one partition. */
async function publishedOf(world: SmallWorld, history: SmallHistory) {
  const directory = await mkdtemp(join(tmpdir(), 'driftstream-replay-'))
  const options = smallOptions(directory)
  const log = openMemoryLog()
  const stop = new AbortController()
  const { names } = options.topics
  await log.createTopics(topicSpecs(names, 1, 1, true))
  const producer = await log.openProducer()
  const stamp = { source: '/test', now: world.startMs }
  const to = { topic: names.references, partitions: 1 }
  await producer.send([referenceRecord(toReferenceEvent(smallReference(world)), to, stamp)])
  let now = world.startMs
  const running = await startProcesses(['observer', 'detector'], log, options, {
    clock: { now: () => now },
    logger: pino({ level: 'silent' }),
    signal: stop.signal,
  })
  for (const slice of slicesOf(history)) {
    now = slice.at(-1)?.timestamp ?? now
    const { written } = await producer.send(slice)
    await settle(running, written)
  }
  const read = async <T>(topic: string, type: CloudEventType<T>) =>
    (await readRecords(log, topic)).map(({ value, headers }) => decodeCloudEvent(type, value, headers))
  const published = {
    drift: await read(names.driftEvents, driftEventType),
    requests: await read(names.retrainRequests, retrainRequestType),
  }
  stop.abort()
  await Promise.all(running.map(({ done }) => done))
  await log.close()
  await rm(directory, { recursive: true, force: true })
  return published
}

const worlds = fc.record({
  startMs: fc.constant(Date.UTC(2027, 0, 1)),
  turnsAtMinute: fc.integer({ min: 15, max: 40 }),
  eventsPerMinute: fc.integer({ min: 60, max: 150 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

const policies = fc.record({
  cooldownMs: fc.integer({ min: 0, max: 60 }).map((minutes) => minutes * MINUTE_MS),
  minimumSample: fc.integer({ min: 0, max: 3_000 }),
  trainingWindowMs: fc.integer({ min: 1, max: 90 }).map((minutes) => minutes * MINUTE_MS),
  inFlightTimeoutMs: fc.integer({ min: 1, max: 30 }).map((minutes) => minutes * MINUTE_MS),
})

describe('a replay', () => {
  it('says what observer and detector say of the same stream, byte by byte', async () => {
    let drifts = 0
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const history = smallHistory(world, MINUTES)
        const published = await publishedOf(world, history)
        const result = await replayHistory(listedHistory(history), smallReplay(world))
        // Through the schemas, as what was published has gone.
        const replayed = {
          drift: result.courses[0]!.models.flatMap(({ drift }) =>
            drift.map((event) => driftEvent.parse(event)),
          ),
          requests: result.policies[0]!.models.flatMap(({ requests }) =>
            requests.map((request) => retrainRequest.parse(request)),
          ),
        }
        expect(JSON.stringify(replayed)).toBe(JSON.stringify(published))
        drifts += published.drift.length
      }),
      { numRuns: 4 },
    )
    expect(drifts).toBeGreaterThan(0)
  }, 120_000)

  it('asks each policy as if it were alone', async () => {
    let requests = 0
    await fc.assert(
      fc.asyncProperty(worlds, policies, policies, async (world, first, second) => {
        const history = listedHistory(smallHistory(world, MINUTES))
        const named = (name: string, own: Partial<TriggerPolicy>) => ({
          name,
          policies: new Map([['small', { ...smallModel.policy, ...own }]]),
        })
        const answer = { kind: 'ends', afterMs: 3 * MINUTE_MS } as const
        const all = [named('first', first), named('second', second)]
        const together = await replayHistory(history, smallReplay(world, { policies: all, answer }))
        for (const [index, policy] of all.entries()) {
          const alone = await replayHistory(history, smallReplay(world, { policies: [policy], answer }))
          expect(together.policies[index]).toEqual(alone.policies[0])
          requests += alone.policies[0]!.models[0]!.requested
        }
      }),
      { numRuns: 5 },
    )
    expect(requests).toBeGreaterThan(0)
  }, 120_000)
})
