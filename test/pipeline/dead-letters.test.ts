import { Writable } from 'node:stream'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { DeadLetterOptions } from '../../src/config/options.ts'
import { readDeadLetters, replayDeadLetters } from '../../src/consumers/dead-letter-topic.ts'
import { headerText } from '../../src/events/headers.ts'
import type { OutgoingRecord } from '../../src/log/port.ts'
import { featureRecord } from '../../src/producers/source-events.ts'
import { countSketches } from '../support/count-sketches.ts'
import { openSmallPipeline, readRecords, type SmallPipeline } from '../support/small-pipeline.ts'
import { featureEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 50, seed: 8 }
const now = world.startMs + 60_000
const PAUSE_MS = 60_000

let pipeline: SmallPipeline
afterEach(() => pipeline.stop())

const open = async (deadLetters: Partial<DeadLetterOptions> = {}) => {
  pipeline = await openSmallPipeline(world, undefined, { deadLetters })
}

function bad(partition: number, count: number): OutgoingRecord[] {
  const value = Buffer.from('{"model":"unborn"')
  return Array.from({ length: count }, (_, index) => ({
    topic: 'features',
    partition,
    key: Buffer.from(`k${index}`),
    value,
    headers: { trace: `t${index}` },
    timestamp: world.startMs,
  }))
}

function good(minute: number, partition: number): OutgoingRecord[] {
  return minuteOf(world, minute).map((event) => ({
    ...featureRecord(featureEventOf(event, '1'), { topic: 'features', partitions: 3 }),
    partition,
  }))
}

describe('a task of which most is refused', () => {
  it('reads no further for its time, then goes on and has lost nothing; others go on meanwhile', async () => {
    await open()
    await pipeline.emit(bad(0, 150), now)
    const producer = await pipeline.log.openProducer()
    const { written } = await producer.send([...good(0, 0), ...good(1, 1)])
    const [observer] = pipeline.running
    await observer!.progress.settled(written.filter(({ partition }) => partition === 1))
    // The other task's flush came after these records could have been read, too.
    await pipeline.emit(good(2, 2), now)
    expect(await countSketches(pipeline.log, 'sketches')).toMatchObject({ events: 100 })

    await pipeline.emit([], now + PAUSE_MS)
    await observer!.progress.settled(written)
    expect(await countSketches(pipeline.log, 'sketches')).toMatchObject({ events: 150 })
    expect((await pipeline.published()).deadLetters).toHaveLength(150)
  })

  it('is let go on where the cap is off', async () => {
    await open({ shareMax: 1 })
    await pipeline.emit([...bad(0, 150), ...good(0, 0)], now)
    await pipeline.emit(good(1, 0), now)
    expect(await countSketches(pipeline.log, 'sketches')).toMatchObject({ events: 100 })
  })
})

it('what was refused is told once, however often the state behind it is rebuilt', async () => {
  const told: string[] = []
  const sink = new Writable({
    write(line, _encoding, done) {
      const { code, process, topic, offset } = JSON.parse(String(line))
      if (code !== undefined) told.push(`${process} ${code} ${topic}/${offset}`)
      done()
    },
  })
  pipeline = await openSmallPipeline(world, undefined, { logger: pino({ level: 'warn' }, sink) })
  const elsewhere = (topic: string) => bad(0, 1).map((record) => ({ ...record, topic }))
  await pipeline.emit([...bad(0, 1), ...elsewhere('sketches'), ...elsewhere('deployments')], now)
  const first = [
    'detector DELTA_UNDECODABLE sketches/0',
    'detector EVENT_UNDECODABLE deployments/0',
    'observer EVENT_UNDECODABLE features/0',
  ]
  expect(told.sort()).toEqual(first)
  expect(await readRecords(pipeline.log, 'dead-letters')).toHaveLength(3)

  await pipeline.restart()
  await pipeline.emit(good(0, 0), now)
  expect(told.sort()).toEqual(first)
  expect(await readRecords(pipeline.log, 'dead-letters')).toHaveLength(3)
})

describe('replaying dead letters', () => {
  const replay = (choice = {}, dryRun = false) =>
    replayDeadLetters(pipeline.log, { topic: 'dead-letters', group: 'small', now }, choice, dryRun)
  const sourceRecords = async () =>
    (await readRecords(pipeline.log, 'features')).map(({ key, value, headers }) => ({
      key: String(key),
      value: String(value),
      trace: headerText(headers, 'trace'),
      of: headerText(headers, 'driftstream.replay-of'),
    }))

  it.each(['connect', 'spring'] as const)('sends each back once, as it was (%s)', async (headers) => {
    await open({ headers })
    await pipeline.emit(bad(1, 3), now)
    expect(await replay({}, true)).toEqual({ replayed: 3, before: 0 })
    expect(await sourceRecords()).toHaveLength(3)

    expect(await replay({ places: new Set(['1/0']) })).toEqual({ replayed: 1, before: 0 })
    expect(await replay({ code: 'MODEL_UNKNOWN' })).toEqual({ replayed: 0, before: 0 })
    expect(await replay({ code: 'EVENT_UNDECODABLE', source: 'features' })).toEqual({
      replayed: 2,
      before: 1,
    })
    expect(await replay({ places: new Set(['1/0', '1/1', '1/2']) })).toEqual({ replayed: 0, before: 3 })

    // A slip in one of the places sends nothing at all: not even where the others are letters.
    await expect(replay({ places: new Set(['1/0', '1/99', 'nowhere']) })).rejects.toMatchObject({
      code: 'DEAD_LETTER_UNKNOWN',
      context: { place: '1/99, nowhere' },
    })

    const records = await sourceRecords()
    expect(records.slice(3)).toEqual(
      records.slice(0, 3).map((record, index) => ({ ...record, of: `dead-letters/1/${index}` })),
    )
    const partitions = (await pipeline.log.offsets('features')).map(({ high }) => high > 0)
    expect(partitions).toEqual([false, true, false])
  })

  it('knows a letter that was refused again from the one that it was', async () => {
    await open()
    await pipeline.emit(bad(1, 1), now)
    await replay()
    await pipeline.emit(good(0, 1), now)
    const letters = []
    for await (const letter of readDeadLetters(pipeline.log, 'dead-letters', {})) letters.push(letter)
    expect(letters.map(({ headers }) => headerText(headers, 'driftstream.replay-of'))).toEqual([
      undefined,
      'dead-letters/1/0',
    ])
    expect(await replay()).toEqual({ replayed: 1, before: 1 })
  })
})
