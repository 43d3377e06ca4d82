import { describe, expect, it } from 'vitest'
import type { Log } from '../../src/log/port.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { countSketches } from '../support/count-sketches.ts'
import { openSmallPipeline } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 30, eventsPerMinute: 120, seed: 9 }
const MINUTES = 60

/**
 * A log that hands out features before labels for as long as there are any: what a broker may do with a
 * backlog, and an observer that was away meets first.
 */
function featuresFirst(log: Log): Log {
  const disturbed: Log = Object.create(log)
  for (const name of [
    'read',
    'follow',
    'offsets',
    'offsetsAt',
    'committed',
    'partitionCounts',
    'openTransactional',
  ] as const) {
    Object.defineProperty(disturbed, name, { value: log[name].bind(log) })
  }
  Object.defineProperty(disturbed, 'join', {
    value: async (options: Parameters<Log['join']>[0]) => {
      const consumer = await log.join(options)
      if (!options.topics.includes('labels')) return consumer
      const held: Awaited<ReturnType<typeof consumer.poll>>[] = []
      return {
        seek: (position: Parameters<typeof consumer.seek>[0]) => consumer.seek(position),
        pause: (at: Parameters<typeof consumer.pause>[0]) => consumer.pause(at),
        resume: (at: Parameters<typeof consumer.resume>[0]) => consumer.resume(at),
        close: () => consumer.close(),
        poll: async (timeoutMs: number) => {
          for (;;) {
            const poll = await consumer.poll(held.length > 0 ? 0 : timeoutMs)
            if (poll.kind === 'idle') return held.shift() ?? poll
            if (poll.kind === 'assigned') held.length = 0
            if (poll.kind === 'assigned' || poll.batch.topic === 'features') return poll
            held.push(poll)
          }
        },
      }
    },
  })
  return disturbed
}

describe('a backlog in which labels are read after their features', () => {
  it('is judged with its outcomes: the change is found and answered as if they had come together', async () => {
    const pipeline = await openSmallPipeline(world, featuresFirst)
    const records = Array.from({ length: MINUTES }, (_, minute) => minuteOf(world, minute)).flat()
    await pipeline.emit(
      [
        ...records.map((event) =>
          featureRecord(featureEventOf(event, '1'), { topic: 'features', partitions: 3 }),
        ),
        ...records.map((event) => labelRecord(labelEventOf(event), { topic: 'labels', partitions: 3 })),
      ],
      world.startMs + MINUTES * 60_000,
    )
    // Twice as many minutes as a prediction waits: none may expire while its label lies unread.
    expect(await countSketches(pipeline.log, 'sketches')).toEqual({
      events: records.length,
      labelled: records.length,
    })
    const { drift, deployments } = await pipeline.published()
    expect(drift[0]).toMatchObject({ concern: 'performance', diagnosis: 'retrain' })
    expect(drift[0]!.changedAt).toBe(world.startMs + 30 * 60_000)
    expect(deployments.map(({ stage }) => stage)).toEqual([
      'accepted',
      'training',
      'validating',
      'validated',
      'promoted',
    ])
    await pipeline.stop()
  })
})
