import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import type { Log } from '../../src/log/port.ts'
import { countSketches } from '../support/count-sketches.ts'
import { openSmallPipeline, type SmallPipeline } from '../support/small-pipeline.ts'
import { minuteOf, type SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 60, seed: 8 }

/** A log that can go away: then everything that would ask a broker fails as it would. */
class AwayLog {
  away = false
  /** How often somebody asked in vain. */
  refusals = 0
  /** Answers so many more questions, then goes away. */
  goAfter = Number.POSITIVE_INFINITY
  readonly log: Log

  constructor(log: Log) {
    const guarded = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (of, name) => {
          const member = of[name as keyof T]
          if (typeof member !== 'function') return member
          if (name === 'close' || name === 'seek' || name === 'read') return member.bind(of)
          return async (...args: unknown[]) => {
            this.#ask(String(name))
            const answer = await member.apply(of, args)
            return OPENS.has(String(name)) ? guarded(answer) : answer
          }
        },
      })
    this.log = guarded(log)
  }

  #ask(what: string): void {
    if (this.goAfter-- <= 0) this.away = true
    if (!this.away) return
    this.refusals++
    throw new DriftstreamError('LOG_UNAVAILABLE', `while asking for ${what}: nobody answers`)
  }
}

const OPENS = new Set(['join', 'openTransactional', 'follow', 'openProducer'])

async function openAway(outageMaxMs?: number): Promise<{ pipeline: SmallPipeline; away: AwayLog }> {
  let away: AwayLog | undefined
  const pipeline = await openSmallPipeline(
    world,
    (log) => {
      away = new AwayLog(log)
      return away.log
    },
    outageMaxMs === undefined ? {} : { outageMaxMs },
  )
  return { pipeline, away: away! }
}

const sentOf = (minutes: number) =>
  Array.from({ length: minutes }, (_, minute) => minuteOf(world, minute).length).reduce((a, b) => a + b)

describe('a log that is away', () => {
  it('is waited for, wherever in the work it went away, and nothing is lost or counted twice', async () => {
    const { pipeline, away } = await openAway()
    await pipeline.play(world, 0, 2)
    let minute = 2
    for (const questions of [0, 1, 2, 3, 5, 8, 13, 21]) {
      away.goAfter = questions
      const playing = pipeline.play(world, minute, minute + 2)
      await expect.poll(() => away.refusals, { timeout: 10_000 }).toBeGreaterThan(3)
      away.goAfter = Number.POSITIVE_INFINITY
      away.away = false
      await playing
      away.refusals = 0
      minute += 2
    }
    const sent = sentOf(minute)
    expect(await countSketches(pipeline.log, 'sketches')).toEqual({ events: sent, labelled: sent })
    await pipeline.stop()
  }, 60_000)

  it('ends the process when it has been away for too long', async () => {
    const { pipeline, away } = await openAway(300)
    await pipeline.play(world, 0, 1)
    away.away = true
    const ends = await Promise.allSettled(pipeline.running.map(({ done }) => done))
    expect(ends.some((end) => end.status === 'rejected' && end.reason.code === 'LOG_UNAVAILABLE')).toBe(true)
    away.away = false
    await pipeline.stop().catch(() => {})
  }, 20_000)

  it('keeps nobody from stopping', async () => {
    const { pipeline, away } = await openAway()
    await pipeline.play(world, 0, 1)
    away.away = true
    await expect.poll(() => away.refusals, { timeout: 10_000 }).toBeGreaterThan(3)
    const startedAt = performance.now()
    await pipeline.stop()
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  }, 20_000)
})
