import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../src/errors/codes.ts'
import { headerText } from '../../src/events/headers.ts'
import type { OutgoingRecord } from '../../src/log/port.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { featureCounts } from '../../src/sketches/block-views.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import type { NumericCounts } from '../../src/sketches/types.ts'
import { countSketches } from '../support/count-sketches.ts'
import { openSmallPipeline, readRecords, type SmallPipeline } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 50, seed: 3 }
const good = minuteOf(world, 0)
const now = world.startMs + 60_000
const features = { topic: 'features', partitions: 3 }
const labels = { topic: 'labels', partitions: 3 }

let pipeline: SmallPipeline
beforeEach(async () => {
  pipeline = await openSmallPipeline(world)
})
afterEach(() => pipeline.stop())

/** A record whose value is anything, among the good ones of partition 0. */
function raw(topic: 'features' | 'labels', value: string | Uint8Array | null): OutgoingRecord {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return {
    topic,
    partition: 0,
    key: Buffer.from('key'),
    value: bytes,
    headers: { trace: 'kept' },
    timestamp: world.startMs,
  }
}

const event = featureEventOf(good[0]!, '1')
const json = (overrides: object) => JSON.stringify({ ...event, id: 'bad', ...overrides })

/** Each kind of bad record, where it comes, and what becomes of it. */
const bad: readonly [string, OutgoingRecord, ErrorCode][] = [
  ['a null value', raw('features', null), 'EVENT_UNDECODABLE'],
  ['no bytes', raw('features', ''), 'EVENT_UNDECODABLE'],
  ['bytes that are no UTF-8', raw('features', Buffer.from([0x22, 0xff, 0xfe, 0x22])), 'EVENT_UNDECODABLE'],
  ['broken JSON', raw('features', '{"model":'), 'EVENT_UNDECODABLE'],
  ['a bare NaN', raw('features', json({}).replace(/"x":[^,]+/, '"x":NaN')), 'EVENT_UNDECODABLE'],
  ['another shape', raw('features', '[1,2,3]'), 'EVENT_INVALID'],
  ['nested features', raw('features', json({ features: { x: { deep: 1 } } })), 'EVENT_INVALID'],
  ['a missing id', raw('features', json({ id: undefined })), 'EVENT_INVALID'],
  ['an empty id', raw('features', json({ id: '' })), 'EVENT_INVALID'],
  ['a missing model', raw('features', json({ model: undefined })), 'EVENT_INVALID'],
  ['an unknown model', raw('features', json({ model: 'other' })), 'MODEL_UNKNOWN'],
  ['the year 1970', raw('features', json({ at: 0 })), 'EVENT_TIME_TOO_OLD'],
  ['the year 2200', raw('features', json({ at: Date.UTC(2200, 0, 1) })), 'EVENT_TIME_IN_FUTURE'],
  ['a label that is no JSON', raw('labels', 'label'), 'EVENT_UNDECODABLE'],
  [
    'a label without a label',
    raw('labels', JSON.stringify({ model: 'small', id: 'x', at: now })),
    'EVENT_INVALID',
  ],
  [
    'a label of an unknown model',
    raw('labels', JSON.stringify({ model: '?', id: 'x', at: now, label: 1 })),
    'EVENT_INVALID',
  ],
]

describe('bad input', () => {
  it('goes to the dead letters with code and position, bytes untouched, and loses no neighbour', async () => {
    const records: OutgoingRecord[] = []
    good.forEach((of, i) => {
      records.push(featureRecord(featureEventOf(of, '1'), features), labelRecord(labelEventOf(of), labels))
      const planted = bad[i]
      if (planted !== undefined) records.push(planted[1])
    })
    await pipeline.emit(records, now)

    expect(await countSketches(pipeline.log, 'sketches')).toEqual({
      events: good.length,
      labelled: good.length,
    })
    const { deadLetters } = await pipeline.published()
    const found = deadLetters.map(({ key, value, headers }) => ({
      key: key && Buffer.from(key).toString(),
      value: value && Buffer.from(value).toString('latin1'),
      trace: headerText(headers, 'trace'),
      code: headerText(headers, '__connect.errors.exception.class.name'),
      topic: headerText(headers, '__connect.errors.topic'),
      partition: headerText(headers, '__connect.errors.partition'),
    }))
    const expected = bad.map(([, { topic, value }, code]) => ({
      key: 'key',
      value: value && Buffer.from(value).toString('latin1'),
      trace: 'kept',
      code,
      topic,
      partition: '0',
    }))
    const order = (a: { topic?: string | undefined }, b: { topic?: string | undefined }) =>
      String(a.topic).localeCompare(String(b.topic))
    expect(found.sort(order)).toEqual(expected.sort(order))
    for (const { headers } of deadLetters) {
      expect(headerText(headers, '__connect.errors.offset')).toMatch(/^\d+$/)
      expect(headerText(headers, '__connect.errors.exception.message')).toContain('expected')
    }
  })

  it('counts what is strange but legal: NaN and infinite texts, infinite numbers, wrong types, repeats', async () => {
    const values = ['"NaN"', '"Infinity"', '1e999', '"text"', 'true', 'null']
    const records = values.map((x, i) =>
      raw('features', json({ id: `s${i}` }).replace(/"x":[^,]+/, `"x":${x}`)),
    )
    const twice = raw('features', json({ id: 'twice' }))
    const orphan = labelRecord({ ...labelEventOf(good[0]!), id: 'nobody' }, labels)
    await pipeline.emit([...records, twice, twice, orphan], now)

    const deltas = (await readRecords(pipeline.log, 'sketches')).map(({ value }) => decodeDelta(value!))
    const sketches = deltas.flatMap(({ entries }) => entries.map(({ sketch }) => sketch))
    const x = sketches.flatMap(({ block }) => {
      // The small model's reference has `x` first.
      return block === null ? [] : [featureCounts(block, 0).counts as NumericCounts]
    })
    const sum = (of: (counts: NumericCounts) => number) => x.reduce((total, counts) => total + of(counts), 0)
    expect(sum(({ nan }) => nan)).toBe(1)
    expect(sum(({ infinite }) => infinite)).toBe(2)
    expect(sum(({ wrongType }) => wrongType)).toBe(2)
    expect(sum(({ missing }) => missing)).toBe(1)
    expect(deltas.reduce((total, { stream }) => total + stream.duplicatePredictions, 0) / 3).toBe(1)
    expect((await pipeline.published()).deadLetters).toEqual([])
  })
})
