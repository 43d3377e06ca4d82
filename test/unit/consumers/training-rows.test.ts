import { expect, it } from 'vitest'
import { readReference } from '../../../src/consumers/read-reference.ts'
import { readTrainingRows } from '../../../src/consumers/training-rows.ts'
import { createJsonDecoder } from '../../../src/events/decode-source-event.ts'
import { DEFAULT_MAPPING } from '../../../src/events/mapping.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import { referenceRecord } from '../../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../../src/producers/source-events.ts'
import { toReferenceEvent } from '../../../src/sketches/reference-wire.ts'
import { smallReference } from '../../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../../support/small-world.ts'

const MINUTE_MS = 60_000
const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 99, eventsPerMinute: 20, seed: 3 }
const topics = { features: 'features', labels: 'labels' }

/** Ten minutes: version 0 serves the first two, version 1 the rest; a quarter of the labels is missing. */
async function filledLog() {
  const log = openMemoryLog()
  await log.createTopics(['features', 'labels', 'references'].map((topic) => ({ topic, partitions: 1 })))
  const producer = await log.openProducer()
  const minutes = Array.from({ length: 10 }, (_, minute) => minuteOf(world, minute))
  const events = minutes.flatMap((events, minute) =>
    events.map((event) => ({ ...featureEventOf(event, minute < 2 ? '0' : '1'), segment: event.c })),
  )
  const known = minutes.flat().filter((_, index) => index % 4 !== 0)
  await producer.send(events.map((event) => featureRecord(event, { topic: 'features', partitions: 1 })))
  await producer.send(
    known.map((event) => labelRecord(labelEventOf(event), { topic: 'labels', partitions: 1 })),
  )
  return { log, producer }
}

const range = {
  fromMs: world.startMs + 6 * MINUTE_MS,
  toMs: world.startMs + 10 * MINUTE_MS,
  basis: 'last-window' as const,
  offsets: [
    { topic: 'features', partition: 0, from: 110, to: 200 },
    { topic: 'labels', partition: 0, from: 80, to: 150 },
  ],
}

it('reads the labelled events of a range, and a fixed sample of those before that the champion served', async () => {
  const { log, producer } = await filledLog()
  const read = (oldRegimeRows: number) =>
    readTrainingRows(
      log,
      range,
      { model: 'small', champion: '1', topics, oldRegimeRows },
      createJsonDecoder(DEFAULT_MAPPING),
    )
  const { rows, events, oldRegime } = await read(1000)
  expect(events).toBe(80)
  expect(rows).toHaveLength(60)
  expect(rows.every(({ at }) => at >= range.fromMs && at < range.toMs)).toBe(true)
  expect(new Set(rows.map(({ segment }) => segment))).toEqual(new Set(['red', 'green', 'blue']))
  // Features from offset 20 and labels from 10: minutes 2 to 5 are there whole, minute 1 was version 0's.
  expect(oldRegime).toHaveLength(60)
  expect(oldRegime.every(({ at, version }) => at < range.fromMs && version === '1')).toBe(true)

  const sample = (await read(8)).oldRegime
  expect(sample.length).toBeGreaterThan(0)
  expect(sample.length).toBeLessThanOrEqual(8)
  expect((await read(8)).oldRegime).toEqual(sample)
  expect((await read(0)).oldRegime).toEqual([])
  await producer.close()
  await log.close()
})

it('finds the reference of a version, and none of another', async () => {
  const { log, producer } = await filledLog()
  const stamp = { source: '/test', now: world.startMs }
  const reference = smallReference(world)
  await producer.send([
    referenceRecord(toReferenceEvent(reference), { topic: 'references', partitions: 1 }, stamp),
    { topic: 'references', partition: 0, key: null, value: Buffer.from('no JSON'), timestamp: 1 },
  ])
  expect((await readReference(log, 'references', 'small', '1'))?.id).toBe(reference.id)
  expect(await readReference(log, 'references', 'small', '2')).toBeNull()
  expect(await readReference(log, 'references', 'other', '1')).toBeNull()
  await producer.close()
  await log.close()
})
