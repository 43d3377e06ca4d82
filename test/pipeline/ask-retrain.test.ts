import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askAndTell } from '../../src/cli/retrain-command.ts'
import { deploymentEventExample } from '../../src/events/deployment-event.ts'
import { retrainRequestExample } from '../../src/events/retrain-request.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import type { Log, OutgoingRecord } from '../../src/log/port.ts'
import { deploymentRecord, retrainRequestRecord } from '../../src/producers/control-events.ts'
import { openSmallPipeline, type SmallPipeline } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 30,
  eventsPerMinute: 120,
  seed: 7,
}
const waits = { limitMs: 60_000, text: '1m' }

let lines: string[]
let pipeline: SmallPipeline | null = null
beforeEach(() => {
  lines = []
})
afterEach(async () => {
  await pipeline?.stop()
  pipeline = null
})
const print = (line: string) => lines.push(line)
const kinds = () => lines.map((line) => JSON.parse(line)).map(({ kind, event }) => event?.stage ?? kind)

it('a wish is asked for, answered by a request, trained and decided, and every step is told', async () => {
  pipeline = await openSmallPipeline(world)
  // The turn is old enough to learn from, and young enough that no trigger has fired on it.
  await pipeline.play(world, 0, 30)
  const { log, options } = pipeline
  const wish = { model: 'small', by: 'ann', reason: 'new prices', at: world.startMs }
  const end = askAndTell(log, options.topics.names, wish, {
    waits,
    json: true,
    print: (line) => {
      print(line)
      if (lines.length === 1) void pipeline!.play(world, 30, 40).catch(() => {})
    },
  })
  const code = await end
  const [asked, requested, ...stages] = kinds()
  expect([asked, requested, stages[0], stages[1]]).toEqual(['asked', 'requested', 'accepted', 'training'])
  expect(JSON.parse(lines[1]!).request.trigger).toMatchObject({
    kind: 'manual',
    reason: 'ann: new prices',
    commands: [JSON.parse(lines[0]!).command.id],
  })
  // Before the turn nothing is better than what serves: the gates say so, and the exit code with them.
  expect([stages.at(-1), code]).toEqual(['rejected', 1])
})

describe('the exit code', () => {
  const topics = { commands: 'commands', retrainRequests: 'requests', deployments: 'deployments' }
  const wish = { model: 'flights', by: 'ann', reason: 'why', at: 0 }
  const stamp = { source: '/test', now: 0 }
  let log: Log
  beforeEach(async () => {
    log = openMemoryLog()
    await log.createTopics(Object.values(topics).map((topic) => ({ topic, partitions: 1 })))
  })
  afterEach(() => log.close())

  const reason = 'bob: why; ann: why'
  const request = (id: string, commands: string[]) =>
    retrainRequestRecord(
      {
        ...retrainRequestExample,
        id,
        trigger: { ...retrainRequestExample.trigger, kind: 'manual', reason, commands },
      },
      { topic: 'requests', partitions: 1 },
      stamp,
    )
  const stage = (requestId: string, name: typeof deploymentEventExample.stage) =>
    deploymentRecord(
      { ...deploymentEventExample, requestId, stage: name, id: `${requestId}-${name}` },
      { topic: 'deployments', partitions: 1 },
      stamp,
    )

  /** The records are written once the wish is, by the id of its command. */
  async function told(
    recordsOf: (commandId: string) => readonly OutgoingRecord[],
    limitMs: number,
    json = true,
  ): Promise<number> {
    const producer = await log.openProducer()
    const sent: Promise<unknown>[] = []
    const code = await askAndTell(log, topics, wish, {
      waits: { limitMs, text: 'a moment' },
      json,
      print: (line) => {
        print(line)
        if (lines.length === 1) sent.push(producer.send(recordsOf(json ? JSON.parse(line).command.id : '')))
      },
    })
    await Promise.all(sent)
    await producer.close()
    return code
  }

  it.each([
    ['promoted', 0],
    ['awaiting-approval', 0],
    ['shadow', 0],
    ['canary', 0],
    ['rejected', 1],
    ['failed', 1],
    ['timed-out', 1],
    ['refused', 1],
    ['cancelled', 1],
    ['superseded', 1],
  ] as const)('of %s is %i', async (last, code) => {
    // The same words, of another's wish: it is the command that tells whose answer a request is.
    const others = [request('other', ['of-bob']), stage('other', 'promoted')]
    const own = [stage('own', 'accepted'), stage('own', last)]
    expect(await told((id) => [...others, request('own', ['of-bob', id]), ...own], 10_000)).toBe(code)
    expect(kinds().slice(0, 3)).toEqual(['asked', 'requested', 'accepted'])
    expect(JSON.parse(lines[1]!).request.id).toBe('own')
  })

  it('is 1 when no answer comes in time, and says where to look', async () => {
    expect(await told(() => [request('other', ['of-bob'])], 600, false)).toBe(1)
    expect(lines).toEqual([
      'written: a retrain of flights is asked for',
      'no end of it within a moment; driftstream status tells which guard holds it back',
    ])
  })

  it('is 0 once the wish is written, where nobody waits', async () => {
    expect(await askAndTell(log, topics, wish, { waits: null, json: true, print })).toBe(0)
    expect(JSON.parse(lines[0]!).command).toMatchObject({ kind: 'manual', model: 'flights', by: 'ann' })
  })
})
