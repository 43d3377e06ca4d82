import pino from 'pino'
import { expect, it } from 'vitest'
import type { Log, OffsetRange } from '../../src/log/port.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { openSmallPipeline, type SmallPipeline } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'

const MINUTE_MS = 60_000
const MINUTES = 20
const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 1e6,
  eventsPerMinute: 300,
  seed: 11,
}

/** A log that counts the records of the source topics that are read again, and may hide the notes. */
class WatchedLog {
  read = 0
  showsNotes = true

  watch(log: Log): Log {
    return new Proxy(log, {
      get: (target, name) => {
        if (name === 'read') return (ranges: readonly OffsetRange[]) => this.#counted(target, ranges)
        if (name === 'committed' && !this.showsNotes) {
          return async (...[group, partitions]: Parameters<Log['committed']>) =>
            (await target.committed(group, partitions)).map(({ note: _, ...position }) => position)
        }
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  async *#counted(log: Log, ranges: readonly OffsetRange[]) {
    for await (const batch of log.read(ranges)) {
      const isSource = batch.topic === 'features' || batch.topic === 'labels'
      // The tail that tells how far the stream had come is not read to rebuild anything.
      if (isSource) this.read += batch.records.length
      yield batch
    }
  }
}

/** A pipeline whose stream has its labels at once, but for one prediction of minute `waitsAt`. */
async function played(waitsAt: number | null) {
  const watched = new WatchedLog()
  const lines: string[] = []
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(line) })
  const pipeline = await openSmallPipeline(world, (log) => watched.watch(log), { partitions: 1, logger })
  const { names, partitions } = pipeline.options.topics
  const lone = { ...minuteOf(world, waitsAt ?? 0)[0]!, id: 'lone' }
  for (let minute = 0; minute < MINUTES; minute++) {
    if (minute === waitsAt) {
      const record = featureRecord(featureEventOf(lone, '1'), { topic: names.features, partitions })
      await pipeline.emit([record], world.startMs + minute * MINUTE_MS)
    }
    await pipeline.play(world, minute, minute + 1)
  }
  const label = labelRecord(labelEventOf(lone), { topic: names.labels, partitions })
  return { pipeline, watched, lines, label }
}

async function restarted(pipeline: SmallPipeline, watched: WatchedLog): Promise<number> {
  watched.read = 0
  await pipeline.restart()
  // Tasks are there, and their joins, when something has gone through.
  await pipeline.play(world, MINUTES, MINUTES + 1)
  return watched.read
}

async function outcomesIn(pipeline: SmallPipeline): Promise<number> {
  const { names } = pipeline.options.topics
  const [{ low: from, high: to } = { low: 0, high: 0 }] = await pipeline.log.offsets(names.sketches)
  let outcomes = 0
  for await (const { records } of pipeline.log.read([{ topic: names.sketches, partition: 0, from, to }])) {
    for (const { value } of records) {
      for (const { sketch } of decodeDelta(value!).entries) outcomes += sketch.performance.n
    }
  }
  return outcomes
}

const PER_MINUTE = 2 * world.eventsPerMinute
/** What repeats are known by, and a span before it. */
const YOUNG = 5 * PER_MINUTE + 2 * 256

it('reads again what is young where nothing waits', async () => {
  const { pipeline, watched } = await played(null)
  expect(await restarted(pipeline, watched)).toBeLessThanOrEqual(YOUNG)
  await pipeline.stop()
}, 60_000)

it('reads again from the oldest prediction that waits, which then meets its label', async () => {
  const { pipeline, watched, label } = await played(8)
  const read = await restarted(pipeline, watched)
  expect(read).toBeGreaterThanOrEqual((MINUTES - 8) * PER_MINUTE)
  expect(read).toBeLessThanOrEqual((MINUTES - 8) * PER_MINUTE + 2 * 256)
  const before = await outcomesIn(pipeline)
  await pipeline.emit([label], world.startMs + (MINUTES + 1) * MINUTE_MS)
  expect(await outcomesIn(pipeline)).toBe(before + 1)
  await pipeline.stop()
}, 60_000)

it('reads the whole label wait again behind a member that noted nothing, and says so', async () => {
  const { pipeline, watched, lines } = await played(null)
  watched.showsNotes = false
  expect(await restarted(pipeline, watched)).toBeGreaterThanOrEqual(MINUTES * PER_MINUTE)
  expect(lines.join('')).toContain('no note of the oldest prediction that waits')
  await pipeline.stop()
}, 60_000)
