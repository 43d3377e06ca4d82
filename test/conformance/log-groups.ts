import { describe, expect, it } from 'vitest'
import {
  type LogFixture,
  PATIENCE_MS,
  partitionsOf,
  pollAssigned,
  pollRecords,
  pollSomething,
  record,
  textsOf,
} from './log-fixture.ts'

export function groupsConformance(fixture: LogFixture): void {
  describe('groups', () => {
    it('says first what is assigned, then brings records from the start', async () => {
      const topic = await fixture.newTopic(2)
      await fixture.send([record(topic, 0, 'a'), record(topic, 1, 'x'), record(topic, 0, 'b')])
      const consumer = await fixture.log.join({ group: fixture.unique('group'), topics: [topic] })
      const first = await pollSomething(consumer)
      expect(first.kind).toBe('assigned')
      expect(partitionsOf(first)).toEqual([`${topic}/0`, `${topic}/1`])
      const batches = await pollRecords(consumer, 3)
      expect(textsOf(batches).sort()).toEqual(['a', 'b', 'x'])
      expect(textsOf(batches.filter(({ partition }) => partition === 0))).toEqual(['a', 'b'])
      for (const batch of batches) {
        expect(batch.nextOffset).toBe(batch.records.at(-1)!.offset + 1)
        expect(batch.highWatermark).toBeGreaterThanOrEqual(batch.nextOffset)
      }
      await consumer.close()
    })

    it('is idle when nothing comes, and wakes up when something does', async () => {
      const topic = await fixture.newTopic(1)
      const consumer = await fixture.log.join({ group: fixture.unique('group'), topics: [topic] })
      expect((await pollSomething(consumer)).kind).toBe('assigned')
      expect(await consumer.poll(50)).toEqual({ kind: 'idle' })
      const waiting = consumer.poll(PATIENCE_MS)
      await fixture.send([record(topic, 0, 'late')])
      const poll = await waiting
      expect(poll.kind === 'records' && textsOf([poll.batch])).toEqual(['late'])
      await consumer.close()
    })

    it('goes on behind the transaction markers', async () => {
      const topic = await fixture.newTopic(1)
      const consumer = await fixture.log.join({ group: fixture.unique('group'), topics: [topic] })
      await pollSomething(consumer)
      await fixture.flush(fixture.unique('task'), { records: [record(topic, 0, 'a')] })
      const [batch] = await pollRecords(consumer, 1)
      // The marker may come with the records or behind them; never is it handed out.
      expect([1, 2]).toContain(batch!.nextOffset)
      await fixture.flush(fixture.unique('task'), { records: [record(topic, 0, 'b')] })
      const [next] = await pollRecords(consumer, 1)
      expect(next!.records.map(({ offset }) => offset)).toEqual([2])
      await consumer.close()
    })

    it('resumes at the committed offset, not at the position read', async () => {
      const topic = await fixture.newTopic(1)
      const group = fixture.unique('group')
      await fixture.send(['a', 'b', 'c', 'd'].map((text) => record(topic, 0, text)))
      const first = await fixture.log.join({ group, topics: [topic] })
      await pollSomething(first)
      expect(textsOf(await pollRecords(first, 4))).toEqual(['a', 'b', 'c', 'd'])
      await fixture.flush(fixture.unique('task'), {
        records: [],
        offsets: { group, positions: [{ topic, partition: 0, offset: 2 }] },
      })
      await first.close()
      const second = await fixture.log.join({ group, topics: [topic] })
      await pollSomething(second)
      expect(textsOf(await pollRecords(second, 2))).toEqual(['c', 'd'])
      await second.close()
    })

    it('seeks back and forth', async () => {
      const topic = await fixture.newTopic(1)
      await fixture.send(['a', 'b', 'c', 'd'].map((text) => record(topic, 0, text)))
      const consumer = await fixture.log.join({ group: fixture.unique('group'), topics: [topic] })
      await pollSomething(consumer)
      await pollRecords(consumer, 4)
      consumer.seek({ topic, partition: 0, offset: 1 })
      expect(textsOf(await pollRecords(consumer, 3))).toEqual(['b', 'c', 'd'])
      consumer.seek({ topic, partition: 0, offset: 3 })
      expect(textsOf(await pollRecords(consumer, 1))).toEqual(['d'])
      await consumer.close()
    })

    it('brings nothing of a paused partition, and goes on from a seek when it is resumed', async () => {
      const topic = await fixture.newTopic(2)
      const consumer = await fixture.log.join({ group: fixture.unique('group'), topics: [topic] })
      await pollSomething(consumer)
      await fixture.send([record(topic, 0, 'a'), record(topic, 1, 'x')])
      await pollRecords(consumer, 2)
      consumer.pause({ topic, partition: 0 })
      await fixture.send([record(topic, 0, 'b')])
      await fixture.send([record(topic, 1, 'y')])
      // What was under way when it was paused may still come: it is for the reader to leave aside.
      const batches = await pollRecords(consumer, 1)
      await fixture.send([record(topic, 1, 'z')])
      if (!textsOf(batches).includes('y')) batches.push(...(await pollRecords(consumer, 1)))
      batches.push(...(await pollRecords(consumer, 1)))
      expect(textsOf(batches.filter(({ partition }) => partition === 1))).toEqual(['y', 'z'])
      consumer.resume({ topic, partition: 0 })
      consumer.seek({ topic, partition: 0, offset: 1 })
      expect(textsOf(await pollRecords(consumer, 1))).toEqual(['b'])
      await consumer.close()
    })

    it('seeks before the first record was polled', async () => {
      const topic = await fixture.newTopic(1)
      await fixture.send(['a', 'b', 'c'].map((text) => record(topic, 0, text)))
      const consumer = await fixture.log.join({ group: fixture.unique('group'), topics: [topic] })
      await pollSomething(consumer)
      consumer.seek({ topic, partition: 0, offset: 2 })
      expect(textsOf(await pollRecords(consumer, 1))).toEqual(['c'])
      await consumer.close()
    })

    it('gives partition p of every topic to one member, and everything to who remains', async () => {
      const [features, labels] = [await fixture.newTopic(4), await fixture.newTopic(4)]
      const group = fixture.unique('group')
      const all = [features, labels].flatMap((topic) =>
        [0, 1, 2, 3].map((partition) => `${topic}/${partition}`),
      )
      const first = await fixture.log.join({ group, topics: [features, labels] })
      const alone = await pollSomething(first)
      expect(partitionsOf(alone)).toEqual([...all].sort())

      const second = await fixture.log.join({ group, topics: [features, labels] })
      const [here, there] = await Promise.all([
        pollAssigned(first, (partitions) => partitions.length === 4),
        pollAssigned(second, (partitions) => partitions.length === 4),
      ])
      expect([...partitionsOf(here), ...partitionsOf(there)].sort()).toEqual([...all].sort())
      expect(here.generation).toBeGreaterThan((alone as typeof here).generation)
      for (const assigned of [here, there]) {
        const numbers = (topic: string) =>
          assigned.partitions.filter((at) => at.topic === topic).map(({ partition }) => partition)
        expect(numbers(features).sort()).toEqual(numbers(labels).sort())
      }

      const [, again] = await Promise.all([
        second.close(),
        pollAssigned(first, (partitions) => partitions.length === 8),
      ])
      expect(partitionsOf(again)).toEqual([...all].sort())
      await first.close()
    })

    it('tells who still makes ready for an assignment that it is over, without being polled', async () => {
      const topic = await fixture.newTopic(2)
      const group = fixture.unique('group')
      const first = await fixture.log.join({ group, topics: [topic] })
      const alone = await pollAssigned(first, (partitions) => partitions.length === 2)
      expect(alone.over.aborted).toBe(false)
      const told = new Promise<void>((resolve) => alone.over.addEventListener('abort', () => resolve()))
      const second = await fixture.log.join({ group, topics: [topic] })
      await told
      expect(alone.over.reason).toMatchObject({ code: 'ASSIGNMENT_LOST' })
      const shared = await pollAssigned(first, (partitions) => partitions.length === 1)
      expect(shared.over.aborted).toBe(false)
      await Promise.all([first.close(), second.close()])
      expect(shared.over.aborted).toBe(true)
    })

    it('starts every partition at its committed offset after a rebalance, retained ones too', async () => {
      const topic = await fixture.newTopic(2)
      const group = fixture.unique('group')
      await fixture.send(
        [0, 1].flatMap((partition) => ['a', 'b'].map((text) => record(topic, partition, text))),
      )
      const first = await fixture.log.join({ group, topics: [topic] })
      await pollSomething(first)
      await pollRecords(first, 4)
      await fixture.flush(fixture.unique('task'), {
        records: [],
        offsets: { group, positions: [0, 1].map((partition) => ({ topic, partition, offset: 1 })) },
      })
      const second = await fixture.log.join({ group, topics: [topic] })
      const members = [first, second]
      await Promise.all(
        members.map((member) => pollAssigned(member, (partitions) => partitions.length === 1)),
      )
      for (const member of members) expect(textsOf(await pollRecords(member, 1))).toEqual(['b'])
      await Promise.all(members.map((member) => member.close()))
    })

    it('brings everything of a long topic once and in order', async () => {
      const topic = await fixture.newTopic(3)
      const texts = Array.from({ length: 12_000 }, (_, index) => `${index}`)
      await fixture.send(texts.map((text, index) => record(topic, index % 3, text)))
      const consumer = await fixture.log.join({ group: fixture.unique('group'), topics: [topic] })
      await pollSomething(consumer)
      const batches = await pollRecords(consumer, texts.length)
      for (const partition of [0, 1, 2]) {
        const got = textsOf(batches.filter((batch) => batch.partition === partition))
        expect(got).toEqual(texts.filter((_, index) => index % 3 === partition))
      }
      await consumer.close()
    })

    it('lets two groups read the same topic, each for itself', async () => {
      const topic = await fixture.newTopic(1)
      await fixture.send([record(topic, 0, 'a')])
      for (const group of [fixture.unique('group'), fixture.unique('group')]) {
        const consumer = await fixture.log.join({ group, topics: [topic] })
        await pollSomething(consumer)
        expect(textsOf(await pollRecords(consumer, 1))).toEqual(['a'])
        await consumer.close()
      }
    })

    it('ends a waiting poll when it is closed', async () => {
      const consumer = await fixture.log.join({
        group: fixture.unique('group'),
        topics: [await fixture.newTopic(1)],
      })
      await pollSomething(consumer)
      const waiting = consumer.poll(PATIENCE_MS)
      await consumer.close()
      expect(await waiting).toEqual({ kind: 'idle' })
      await expect(consumer.poll(1)).rejects.toMatchObject({ code: 'STATE_IMPOSSIBLE' })
    })
  })
}
