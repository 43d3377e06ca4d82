import { describe, expect, it } from 'vitest'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import type { LearningOptions } from '../../src/steps/options.ts'
import { openSmallPipeline } from '../support/small-pipeline.ts'
import {
  featureEventOf,
  labelEventOf,
  minuteOf,
  type SmallWorld,
  type WorldEvent,
} from '../support/small-world.ts'

const MINUTE_MS = 60_000
/** The model's world never changes; what changes is how long its labels take. */
const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 1000,
  eventsPerMinute: 60,
  seed: 12,
}
const SLOW_FROM_MINUTE = 70
const MINUTES = 90
const topic = (name: string) => ({ topic: name, partitions: 3 })

/** From 20 s to a minute, different from event to event; three times as long once labels are slow. */
function delayMs({ at }: WorldEvent): number {
  const quick = 20_000 + ((at / 1000) % 41) * 1000
  return at >= world.startMs + SLOW_FROM_MINUTE * MINUTE_MS ? 3 * quick : quick
}

/** Plays the world minute by minute; every label is sent in the minute in which it becomes known. */
async function play(learning?: LearningOptions) {
  const pipeline = await openSmallPipeline(world, undefined, {
    windows: { labelDelayMs: 5 * MINUTE_MS },
    ...(learning && { learning }),
  })
  const events = Array.from({ length: MINUTES }, (_, minute) => minuteOf(world, minute)).flat()
  const labels = events
    .map((event) => ({ ...labelEventOf(event), at: event.at + delayMs(event) }))
    .sort((a, b) => a.at - b.at)
  for (let minute = 0; minute < MINUTES; minute++) {
    const [from, to] = [minute, minute + 1].map((at) => world.startMs + at * MINUTE_MS)
    const inMinute = ({ at }: { readonly at: number }): boolean => at >= from! && at < to!
    await pipeline.emit(
      [
        ...events
          .filter(inMinute)
          .map((event) => featureRecord(featureEventOf(event, '1'), topic('features'))),
        ...labels.filter(inMinute).map((label) => labelRecord(label, topic('labels'))),
      ],
      to!,
    )
  }
  const published = await pipeline.published()
  await pipeline.stop()
  return published
}

describe('labels that become three times slower', () => {
  it.each([
    ['than in the time before', undefined, 'in the time before', null],
    ['than in a learned reference', { cutAt: 600, countUntil: 1200 }, 'in the reference', SLOW_FROM_MINUTE],
  ])(
    '%s are one episode, to be checked and not to be learned from',
    async (_, learning, comparison, begun) => {
      const { drift, requests, deployments } = await play(learning)
      expect(drift.map(({ state }) => state)).toEqual(['started'])
      expect(drift[0]).toMatchObject({ concern: 'performance', diagnosis: 'check-labels' })
      expect(drift[0]!.detectedAt).toBeGreaterThan(world.startMs + SLOW_FROM_MINUTE * MINUTE_MS)
      expect(drift[0]!.findings.every(({ detector }) => detector === 'label-delay')).toBe(true)
      expect(drift[0]!.summary).toContain(comparison)
      // A reference dates the change to its minute; a past that is still growing does not.
      if (begun !== null) expect(drift[0]!.changedAt).toBe(world.startMs + begun * MINUTE_MS)
      expect([requests, deployments]).toEqual([[], []])
    },
  )
})
