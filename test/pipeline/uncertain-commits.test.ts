import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import type { Log, OutgoingRecord } from '../../src/log/port.ts'
import { countSketches } from '../support/count-sketches.ts'
import { openSmallPipeline } from '../support/small-pipeline.ts'
import { minuteOf, mulberry32, type SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 60, seed: 5 }
const MINUTES = 20

/** Three records that no event can be made of, one a partition, known by their keys. */
function refused(minute: number): OutgoingRecord[] {
  return [0, 1, 2].map((partition) => ({
    topic: 'features',
    partition,
    key: Buffer.from(`broken ${minute}/${partition}`),
    value: Buffer.from('{'),
    timestamp: world.startMs + minute * 60_000,
  }))
}

/** A log whose every third flush or so ends without a word: committed or not, by the toss of a coin. */
function losingAnswers(log: Log, seed: number): { log: Log; counts: { lost: number; committed: number } } {
  const random = mulberry32(seed)
  const counts = { lost: 0, committed: 0 }
  const disturbed: Log = Object.create(log, {
    openTransactional: {
      value: async (id: string) => {
        const producer = await log.openTransactional(id)
        return {
          close: () => producer.close(),
          flush: async (flush: Parameters<typeof producer.flush>[0]) => {
            if (random() >= 0.3) return producer.flush(flush)
            counts.lost++
            if (random() < 0.5) {
              counts.committed++
              await producer.flush(flush)
            }
            throw new DriftstreamError('COMMIT_UNCLEAR', 'expected an answer to the commit, got none')
          },
        }
      },
    },
  })
  for (const name of [
    'join',
    'read',
    'follow',
    'offsets',
    'offsetsAt',
    'committed',
    'partitionCounts',
  ] as const) {
    Object.defineProperty(disturbed, name, { value: log[name].bind(log) })
  }
  return { log: disturbed, counts }
}

describe('commits whose outcome is unknown', () => {
  it.each([1, 2, 3])('lose nothing and count nothing twice (seed %i)', async (seed) => {
    let counts = { lost: 0, committed: 0 }
    const pipeline = await openSmallPipeline(world, (log) => {
      const disturbed = losingAnswers(log, seed)
      counts = disturbed.counts
      return disturbed.log
    })
    for (let minute = 0; minute < MINUTES; minute++) {
      await pipeline.play(world, minute, minute + 1)
      await pipeline.emit(refused(minute), world.startMs + (minute + 1) * 60_000)
    }
    const sent = Array.from({ length: MINUTES }, (_, minute) => minuteOf(world, minute).length).reduce(
      (a, b) => a + b,
    )
    expect(await countSketches(pipeline.log, 'sketches')).toEqual({ events: sent, labelled: sent })
    // A letter is in the transaction of the offsets that step over its record, or in none.
    const letters = (await pipeline.published()).deadLetters.map(({ key }) => String(key))
    expect(letters.sort()).toEqual(
      Array.from({ length: MINUTES }, (_, minute) => refused(minute))
        .flatMap((records) => records.map(({ key }) => String(key)))
        .sort(),
    )
    expect(counts.lost).toBeGreaterThan(10)
    expect(counts.committed).toBeGreaterThan(0)
    expect(counts.committed).toBeLessThan(counts.lost)
    await pipeline.stop()
  })

  it('a fenced process drops its task and lives on', async () => {
    const pipeline = await openSmallPipeline(world)
    await pipeline.play(world, 0, 3)
    // Somebody else owns the task of partition 0 from here on.
    await pipeline.log.openTransactional('small.observer.0')
    const [observer] = pipeline.running
    let ended = false
    observer!.done.finally(() => {
      ended = true
    })
    const events = minuteOf(world, 3)
    const producer = await pipeline.log.openProducer()
    const { written } = await producer.send(
      events.map((event, i) => ({
        topic: 'features',
        partition: i % 3,
        key: null,
        value: Buffer.from('{}'),
        timestamp: event.at,
      })),
    )
    await observer!.progress.settled(written.filter(({ partition }) => partition !== 0))
    expect(ended).toBe(false)
    const [position] = await pipeline.log.committed('small.observer', [{ topic: 'features', partition: 0 }])
    expect(position!.offset).toBeLessThan(written.find(({ partition }) => partition === 0)!.offset)
    await pipeline.stop()
  })
})
