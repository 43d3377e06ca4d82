import { afterEach, expect, it } from 'vitest'
import { commandRecord } from '../../src/producers/control-events.ts'
import { openSmallPipeline, type SmallPipeline } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 1_000_000,
  eventsPerMinute: 120,
  seed: 7,
}

let pipeline: SmallPipeline | null = null
afterEach(async () => {
  await pipeline?.stop()
  pipeline = null
})

it('a person asks on the commands topic, and one request follows, in a world where nothing fires', async () => {
  pipeline = await openSmallPipeline(world)
  await pipeline.play(world, 0, 30)
  const command = {
    id: 'w1',
    model: 'small',
    at: 0,
    by: 'ann',
    reason: 'new prices',
    kind: 'manual',
  } as const
  const { log } = pipeline
  const partitions = (await log.offsets('commands')).length
  const producer = await log.openProducer()
  await producer.send([commandRecord(command, { topic: 'commands', partitions }, { source: '/ann', now: 0 })])
  await producer.close()
  await pipeline.play(world, 30, 45)
  const { requests, deadLetters } = await pipeline.published()
  expect(deadLetters).toEqual([])
  expect(requests).toMatchObject([
    {
      trigger: { kind: 'manual', name: 'manual', reason: 'ann: new prices' },
      trainingRange: { basis: 'last-window' },
      severity: 'routine',
    },
  ])
})
