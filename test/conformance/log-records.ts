import { describe, expect, it } from 'vitest'
import { headerText } from '../../src/events/headers.ts'
import { type LogFixture, record, T0 } from './log-fixture.ts'

function plain(bytes: Uint8Array | null): number[] | null {
  return bytes === null ? null : [...bytes]
}

export function recordsConformance(fixture: LogFixture): void {
  describe('topics', () => {
    it('creates what is missing and leaves the rest alone', async () => {
      const [first, second] = [fixture.unique('topic'), fixture.unique('topic')]
      expect(await fixture.log.createTopics([{ topic: first, partitions: 2 }])).toEqual([first])
      const again = await fixture.log.createTopics([
        { topic: first, partitions: 5 },
        { topic: second, partitions: 1 },
      ])
      expect(again).toEqual([second])
      const counts = await fixture.log.partitionCounts([first, second])
      expect([...counts].sort()).toEqual([
        [first, 2],
        [second, 1],
      ])
    })

    it('leaves a missing topic out of the partition counts', async () => {
      const topic = await fixture.newTopic(3)
      const counts = await fixture.log.partitionCounts([topic, fixture.unique('missing')])
      expect([...counts]).toEqual([[topic, 3]])
    })

    it('says TOPIC_MISSING for the offsets of a topic that does not exist', async () => {
      await expect(fixture.log.offsets(fixture.unique('missing'))).rejects.toMatchObject({
        code: 'TOPIC_MISSING',
      })
      await expect(fixture.log.offsetsAt(fixture.unique('missing'), 0)).rejects.toMatchObject({
        code: 'TOPIC_MISSING',
      })
      const group = fixture.unique('group')
      await expect(fixture.log.join({ group, topics: [fixture.unique('missing')] })).rejects.toMatchObject({
        code: 'TOPIC_MISSING',
      })
    })
  })

  describe('records', () => {
    it('keeps the order within a partition and tells where it wrote', async () => {
      const topic = await fixture.newTopic(2)
      const result = await fixture.send([
        record(topic, 0, 'a'),
        record(topic, 1, 'x'),
        record(topic, 0, 'b'),
        record(topic, 0, 'c'),
      ])
      expect([...result.written].sort((a, b) => a.partition - b.partition)).toEqual([
        { topic, partition: 0, offset: 3 },
        { topic, partition: 1, offset: 1 },
      ])
      expect(await fixture.textsIn(topic)).toEqual(['a', 'b', 'c', 'x'])
      expect(await fixture.log.offsets(topic)).toEqual([
        { partition: 0, low: 0, high: 3 },
        { partition: 1, low: 0, high: 1 },
      ])
    })

    it('carries keys, values, headers and timestamps unaltered', async () => {
      const topic = await fixture.newTopic(1)
      const bytes = Uint8Array.from([0, 255, 128, 10, 13])
      await fixture.send([
        {
          topic,
          partition: 0,
          key: bytes,
          value: Uint8Array.from([0]),
          headers: {
            ce_type: 'größer',
            raw: bytes,
            several: ['one', Uint8Array.from([116, 119, 111])],
            absent: undefined,
          },
          timestamp: T0 + 1,
        },
      ])
      const [got] = await fixture.recordsOf(topic)
      expect(got!.offset).toBe(0)
      expect(got!.timestamp).toBe(T0 + 1)
      expect(plain(got!.key)).toEqual([...bytes])
      expect(plain(got!.value)).toEqual([0])
      expect(headerText(got!.headers, 'ce_type')).toBe('größer')
      expect(plain(got!.headers.raw as Uint8Array)).toEqual([...bytes])
      const several = got!.headers.several as readonly Uint8Array[]
      expect(several.map((value) => Buffer.from(value).toString())).toEqual(['one', 'two'])
      expect(Object.keys(got!.headers).sort()).toEqual(['ce_type', 'raw', 'several'])
    })

    it('tells null keys and values from empty ones', async () => {
      const topic = await fixture.newTopic(1)
      const empty = new Uint8Array(0)
      const place = { topic, partition: 0, timestamp: T0 }
      await fixture.send([
        { ...place, key: null, value: null },
        { ...place, key: empty, value: empty },
      ])
      const [nothing, zero] = await fixture.recordsOf(topic)
      expect([nothing!.key, nothing!.value]).toEqual([null, null])
      expect([plain(zero!.key), plain(zero!.value)]).toEqual([[], []])
      expect(Object.keys(nothing!.headers)).toEqual([])
    })

    it('carries 10,000 records of one send in order', async () => {
      const topic = await fixture.newTopic(1)
      const texts = Array.from({ length: 10_000 }, (_, index) => `record ${index}`)
      await fixture.send(texts.map((text) => record(topic, 0, text)))
      expect(await fixture.textsIn(topic)).toEqual(texts)
    })

    it('accepts an empty send', async () => {
      expect((await fixture.send([])).written).toEqual([])
    })

    it('refuses a record for a topic or partition that does not exist', async () => {
      const topic = await fixture.newTopic(1)
      await expect(fixture.send([record(fixture.unique('missing'), 0, 'a')])).rejects.toMatchObject({
        code: 'TOPIC_MISSING',
      })
      await expect(fixture.send([record(topic, 1, 'a')])).rejects.toMatchObject({ code: 'TOPIC_MISSING' })
      expect(await fixture.textsIn(topic)).toEqual([])
    })
  })
}
