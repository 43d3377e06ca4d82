import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import type { Flush } from '../../src/log/port.ts'
import { type LogFixture, record } from './log-fixture.ts'

export function transactionsConformance(fixture: LogFixture): void {
  describe('transactions', () => {
    it('writes records and offsets together', async () => {
      const [topic, source] = [await fixture.newTopic(2), await fixture.newTopic(1)]
      const group = fixture.unique('group')
      await fixture.send([record(source, 0, 'in 1'), record(source, 0, 'in 2')])
      const transactionalId = fixture.unique('task')
      const producer = await fixture.log.openTransactional(transactionalId)
      const result = await producer.flush({
        records: [record(topic, 0, 'out 0'), record(topic, 1, 'out 1')],
        offsets: { group, positions: [{ topic: source, partition: 0, offset: 2 }] },
      })
      await producer.close()
      await fixture.settle(transactionalId)
      expect([...result.written].sort((a, b) => a.partition - b.partition)).toEqual([
        { topic, partition: 0, offset: 1 },
        { topic, partition: 1, offset: 1 },
      ])
      expect(await fixture.textsIn(topic)).toEqual(['out 0', 'out 1'])
      expect(await fixture.log.committed(group, [{ topic: source, partition: 0 }])).toEqual([
        { topic: source, partition: 0, offset: 2 },
      ])
    })

    it('commits offsets without records and accepts a flush of nothing', async () => {
      const source = await fixture.newTopic(1)
      const group = fixture.unique('group')
      await fixture.send([record(source, 0, 'in')])
      const positions = [{ topic: source, partition: 0, offset: 1 }]
      await fixture.flush(
        fixture.unique('task'),
        { records: [] },
        { records: [], offsets: { group, positions } },
      )
      expect(await fixture.log.committed(group, positions)).toEqual(positions)
    })

    it('keeps what is noted beside a position, until another is committed without', async () => {
      const source = await fixture.newTopic(2)
      const group = fixture.unique('group')
      await fixture.send([record(source, 0, 'in'), record(source, 1, 'in')])
      const note = `{"from":0,"text":"é ${'x'.repeat(900)}"}`
      const positions = [
        { topic: source, partition: 0, offset: 1, note },
        { topic: source, partition: 1, offset: 1 },
      ]
      const id = fixture.unique('task')
      await fixture.flush(id, { records: [], offsets: { group, positions } })
      expect(await fixture.log.committed(group, positions)).toEqual(positions)
      const bare = positions.map(({ topic, partition, offset }) => ({ topic, partition, offset }))
      await fixture.flush(id, { records: [], offsets: { group, positions: bare } })
      expect(await fixture.log.committed(group, bare)).toEqual(bare)
    })

    it('flushes many times in a row', async () => {
      const topic = await fixture.newTopic(1)
      const flushes = Array.from({ length: 10 }, (_, index) => ({
        records: [record(topic, 0, `${index}`)],
      }))
      await fixture.flush(fixture.unique('task'), ...flushes)
      expect(await fixture.textsIn(topic)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    })

    it('fences the older producer of the same id, which then writes nothing', async () => {
      const topic = await fixture.newTopic(1)
      const group = fixture.unique('group')
      const transactionalId = fixture.unique('task')
      const older = await fixture.log.openTransactional(transactionalId)
      await older.flush({ records: [record(topic, 0, 'older')] })
      const newer = await fixture.log.openTransactional(transactionalId)
      const zombie: Flush = {
        records: [record(topic, 0, 'zombie')],
        offsets: { group, positions: [{ topic, partition: 0, offset: 1 }] },
      }
      await expect(older.flush(zombie)).rejects.toMatchObject({ code: 'PRODUCER_FENCED' })
      await newer.flush({ records: [record(topic, 0, 'newer')] })
      await older.close()
      await newer.close()
      expect(await fixture.textsIn(topic)).toEqual(['older', 'newer'])
      expect(await fixture.log.committed(group, [{ topic, partition: 0 }])).toMatchObject([{ offset: 0 }])
    })

    it('shows nothing of a flush that failed, neither records nor offsets, and goes on after it', async () => {
      const topic = await fixture.newTopic(1)
      const group = fixture.unique('group')
      const producer = await fixture.log.openTransactional(fixture.unique('task'))
      const failing: Flush = {
        records: [record(topic, 0, 'torn'), record(fixture.unique('missing'), 0, 'nowhere')],
        offsets: { group, positions: [{ topic, partition: 0, offset: 1 }] },
      }
      await expect(producer.flush(failing)).rejects.toBeInstanceOf(DriftstreamError)
      expect(await fixture.textsIn(topic)).toEqual([])
      expect(await fixture.log.committed(group, [{ topic, partition: 0 }])).toMatchObject([{ offset: 0 }])
      await producer.flush({ records: [record(topic, 0, 'whole')] })
      await producer.close()
      expect(await fixture.textsIn(topic)).toEqual(['whole'])
    })
  })
}
