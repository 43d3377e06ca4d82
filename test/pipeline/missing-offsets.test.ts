import { Writable } from 'node:stream'
import pino from 'pino'
import { expect, it } from 'vitest'
import { readStatus } from '../../src/consumers/status.ts'
import { exposition } from '../../src/metrics/exposition.ts'
import { Metrics } from '../../src/metrics/metrics.ts'
import { openSmallPipeline, type SmallPipeline } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 60, seed: 6 }
const STEP = 5

/** Commits for the observer what it has not counted, or not what it has: by as many offsets. */
async function moveCommitted({ log }: SmallPipeline, by: number): Promise<number> {
  const thief = await log.openTransactional('small.observer.0')
  const [at] = await log.committed('small.observer', [{ topic: 'features', partition: 0 }])
  const positions = [{ topic: 'features', partition: 0, offset: at!.offset + by }]
  await thief.flush({ records: [], offsets: { group: 'small.observer', positions } })
  await thief.close()
  return at!.offset
}

it('offsets that were stepped over, and those counted twice, are told by log, metrics and status', async () => {
  const told: { level: number; msg: string; from?: number; to?: number; partition?: number }[] = []
  const sink = new Writable({
    write(line, _encoding, done) {
      told.push(JSON.parse(String(line)))
      done()
    },
  })
  const metrics = new Metrics()
  const logger = pino({ level: 'warn' }, sink)
  const pipeline = await openSmallPipeline(world, undefined, { logger, metrics })
  await pipeline.play(world, 0, 4)
  const isContinuity = ({ msg }: { msg: string }) => /missing between|merged before/.test(msg)
  expect(told.filter(isContinuity)).toEqual([])

  // Records that nobody will count: of another partition's task, which has no label of theirs either.
  const from = await moveCommitted(pipeline, STEP)
  const producer = await pipeline.log.openProducer()
  const value = Buffer.from('{}')
  const lost = Array.from({ length: STEP }, () => {
    return { topic: 'features', partition: 0, key: null, value, timestamp: world.startMs }
  })
  await producer.send(lost)
  await pipeline.restart()
  await pipeline.play(world, 4, 8)
  const gap = { level: 50, topic: 'features', partition: 0, from, to: from + STEP }
  const errors = told.filter(({ level }) => level === 50)
  // By each of the three tasks, for any of them alone may lack a delta.
  expect(errors).toEqual([gap, gap, gap].map((one) => expect.objectContaining(one)))
  expect(errors[0]!.msg).toContain('source offsets are missing')

  const lines = () => exposition(metrics.families(), 'prometheus').split('\n')
  for (const task of [0, 1, 2]) {
    expect(lines()).toContain(`driftstream_delta_gaps_total{task="${task}"} 1`)
    expect(lines()).toContain(`driftstream_missing_offsets_total{task="${task}"} ${STEP}`)
  }
  const whole = await readStatus(pipeline.log, pipeline.options)
  expect(whole.health!.totals).toMatchObject({ gaps: 1, missingOffsets: STEP, overlaps: 0 })

  await moveCommitted(pipeline, -STEP)
  await pipeline.restart()
  await pipeline.play(world, 8, 12)
  expect(told.filter(({ msg }) => msg.includes('merged before'))).toHaveLength(3)
  for (const task of [0, 1, 2])
    expect(lines()).toContain(`driftstream_delta_overlaps_total{task="${task}"} 1`)
  const { health } = await readStatus(pipeline.log, pipeline.options)
  expect(health!.totals.overlaps).toBe(1)
  // Dropped whole: what was new in it is missing, and told as such.
  expect(health!.totals.missingOffsets).toBeGreaterThan(STEP)
  await producer.close()
  await pipeline.stop()
})
