import { expect, it } from 'vitest'
import { readEvents } from '../../../src/consumers/read-events.ts'
import { type CommandEvent, commandEventType } from '../../../src/events/command-event.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import { commandRecord } from '../../../src/producers/control-events.ts'

const command = (id: string, model: string): CommandEvent => {
  return { id, model, at: 0, by: 'ada', reason: 'new prices', kind: 'manual' }
}

async function logOf(records: readonly (readonly [id: string, partition: number, timestamp: number])[]) {
  const log = openMemoryLog()
  await log.createTopics([{ topic: 'commands', partitions: 2 }])
  const producer = await log.openProducer()
  for (const [id, partition, now] of records) {
    const record = commandRecord(
      command(id, 'm'),
      { topic: 'commands', partitions: 2 },
      { source: '/test', now },
    )
    await producer.send([{ ...record, partition }])
  }
  await producer.send([
    { topic: 'commands', partition: 0, key: null, value: Buffer.from('{'), headers: {}, timestamp: 9 },
  ])
  await producer.close()
  return log
}

const idsOf = async (log: Awaited<ReturnType<typeof logOf>>) =>
  (await readEvents(log, 'commands', commandEventType)).map(({ id }) => id)

it('brings the partitions of a topic into log-time order and passes over what is no such event', async () => {
  const log = await logOf([
    ['a', 0, 10],
    ['c', 0, 30],
    ['b', 1, 20],
    ['d', 1, 40],
  ])
  expect(await idsOf(log)).toEqual(['a', 'b', 'c', 'd'])
})

it('leaves the order of a partition as it is where a later writer has a clock that is behind', async () => {
  const log = await logOf([
    ['validated', 0, 50],
    ['awaiting-approval', 0, 45],
    ['elsewhere', 1, 47],
  ])
  expect(await idsOf(log)).toEqual(['elsewhere', 'validated', 'awaiting-approval'])
})
