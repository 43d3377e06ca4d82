import { describe, expect, it } from 'vitest'
import type { OffsetRange } from '../../src/log/port.ts'
import { collect, type LogFixture, record, T0, textsOf } from './log-fixture.ts'

const MINUTE = 60_000

export function readingConformance(fixture: LogFixture): void {
  describe('positions', () => {
    it('puts a group without a commit at the first offset', async () => {
      const topic = await fixture.newTopic(2)
      await fixture.send([record(topic, 0, 'a')])
      const partitions = [0, 1].map((partition) => ({ topic, partition }))
      expect(await fixture.log.committed(fixture.unique('group'), partitions)).toEqual(
        partitions.map((at) => ({ ...at, offset: 0 })),
      )
    })

    it('finds the first offset at or after a time, also where times are out of order', async () => {
      const topic = await fixture.newTopic(2)
      await fixture.send(
        [0, 2, 1, 5, 3].map((minutes) => record(topic, 0, `${minutes}`, T0 + minutes * MINUTE)),
      )
      const offsetsAt = async (minutes: number) =>
        (await fixture.log.offsetsAt(topic, T0 + minutes * MINUTE)).map(({ offset }) => offset)
      expect(await offsetsAt(-1)).toEqual([0, 0])
      expect(await offsetsAt(0)).toEqual([0, 0])
      expect(await offsetsAt(1)).toEqual([1, 0])
      expect(await offsetsAt(2)).toEqual([1, 0])
      expect(await offsetsAt(3)).toEqual([3, 0])
      expect(await offsetsAt(5)).toEqual([3, 0])
      expect(await offsetsAt(6)).toEqual([5, 0])
    })
  })

  describe('reading ranges', () => {
    it('reads exactly the range, of several partitions', async () => {
      const topic = await fixture.newTopic(2)
      await fixture.send(['a', 'b', 'c', 'd'].map((text) => record(topic, 0, text)))
      await fixture.send(['w', 'x', 'y', 'z'].map((text) => record(topic, 1, text)))
      const batches = await collect(
        fixture.log.read([
          { topic, partition: 0, from: 1, to: 3 },
          { topic, partition: 1, from: 3, to: 4 },
        ]),
      )
      expect(textsOf(batches)).toEqual(['b', 'c', 'z'])
    })

    it('reads two ranges of one partition', async () => {
      const topic = await fixture.newTopic(1)
      await fixture.send(['a', 'b', 'c', 'd', 'e'].map((text) => record(topic, 0, text)))
      const batches = await collect(
        fixture.log.read([
          { topic, partition: 0, from: 0, to: 1 },
          { topic, partition: 0, from: 3, to: 5 },
        ]),
      )
      expect(textsOf(batches)).toEqual(['a', 'd', 'e'])
    })

    it('finishes where a transaction marker is the last thing in the range', async () => {
      const topic = await fixture.newTopic(1)
      await fixture.flush(
        fixture.unique('task'),
        { records: [record(topic, 0, 'a')] },
        { records: [record(topic, 0, 'b')] },
      )
      const { low, high } = (await fixture.log.offsets(topic))[0]!
      expect(high - low).toBe(4)
      expect(
        textsOf(await collect(fixture.log.read([{ topic, partition: 0, from: low, to: high }]))),
      ).toEqual(['a', 'b'])
      // Nothing but the last marker.
      expect(await collect(fixture.log.read([{ topic, partition: 0, from: high - 1, to: high }]))).toEqual([])
    })

    it('finishes at once for empty ranges, empty topics, and no ranges at all', async () => {
      const topic = await fixture.newTopic(2)
      await fixture.send([record(topic, 0, 'a')])
      const ranges: OffsetRange[] = [
        { topic, partition: 0, from: 1, to: 1 },
        { topic, partition: 0, from: 1, to: 9 },
        { topic, partition: 1, from: 0, to: 0 },
        { topic, partition: 1, from: 0, to: 5 },
      ]
      expect(await collect(fixture.log.read(ranges))).toEqual([])
      expect(await collect(fixture.log.read([]))).toEqual([])
    })

    it('can be left early', async () => {
      const topic = await fixture.newTopic(1)
      await fixture.send(['a', 'b', 'c'].map((text) => record(topic, 0, text)))
      for await (const batch of fixture.log.read([{ topic, partition: 0, from: 0, to: 3 }])) {
        expect(textsOf([batch])[0]).toBe('a')
        break
      }
      expect(await fixture.textsIn(topic)).toEqual(['a', 'b', 'c'])
    })
  })

  describe('following', () => {
    it('brings everything once, and later only what is new', async () => {
      const [first, second] = [await fixture.newTopic(2), await fixture.newTopic(1)]
      await fixture.send([record(first, 0, 'a'), record(second, 0, 'b')])
      const follower = await fixture.log.follow([first, second])
      expect(textsOf(await follower.catchUp()).sort()).toEqual(['a', 'b'])
      expect(textsOf(await follower.catchUp())).toEqual([])
      await fixture.send([record(first, 1, 'c'), record(first, 0, 'd')])
      const producer = await fixture.log.openTransactional(fixture.unique('task'))
      await producer.flush({ records: [record(second, 0, 'e')] })
      // At once: a catch-up waits for what is confirmed and not yet visible.
      expect(textsOf(await follower.catchUp()).sort()).toEqual(['c', 'd', 'e'])
      expect(textsOf(await follower.catchUp())).toEqual([])
      await fixture.send([record(second, 0, 'f')])
      expect(textsOf(await follower.catchUp())).toEqual(['f'])
      await follower.close()
      await producer.close()
    })

    it('starts on empty topics and finishes at once', async () => {
      const follower = await fixture.log.follow([await fixture.newTopic(3)])
      expect(await follower.catchUp()).toEqual([])
      await follower.close()
    })

    it('catches up with many records in order', async () => {
      const topic = await fixture.newTopic(2)
      const texts = Array.from({ length: 6_000 }, (_, index) => `${index}`)
      await fixture.send(texts.map((text, index) => record(topic, index % 2, text)))
      const follower = await fixture.log.follow([topic])
      const batches = await follower.catchUp()
      for (const partition of [0, 1]) {
        const got = textsOf(batches.filter((batch) => batch.partition === partition))
        expect(got).toEqual(texts.filter((_, index) => index % 2 === partition))
      }
      await follower.close()
    })
  })
}
