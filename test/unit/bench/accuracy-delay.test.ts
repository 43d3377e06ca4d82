import { describe, expect, it } from 'vitest'
import { CHECKS, chooseChecks } from '../../../bench/accuracy/checks.ts'
import { COMPETITORS, type Competitor, PANE } from '../../../bench/accuracy/delay/competitors.ts'
import { CHANGING, type Episode, play, QUIET } from '../../../bench/accuracy/delay/episodes.ts'
import { score } from '../../../bench/accuracy/delay/score.ts'
import { tune } from '../../../bench/accuracy/delay/tune.ts'

/** Alarms at every n-th outcome. */
function clockwork(every: (strictness: number) => number): Competitor {
  return {
    name: 'clockwork',
    isOurs: false,
    tuned: 'period',
    from: 1,
    to: 10_000,
    create(strictness) {
      let seen = 0
      return () => ++seen % Math.round(every(strictness)) === 0
    },
  }
}

function silence(outcomes: number, change = outcomes): Episode {
  return { reference: new Uint8Array(10), watched: new Uint8Array(outcomes), change }
}

describe('chooseChecks', () => {
  it('chooses by name, and names what there is', () => {
    expect(chooseChecks(undefined)).toBe(CHECKS)
    expect(chooseChecks('delay').map(({ id }) => id)).toEqual(['delay'])
    expect(() => chooseChecks('delay,speed')).toThrow('got "speed"')
  })
})

describe('tune', () => {
  it('finds the strictness with the mean time asked for', () => {
    const tuned = tune(
      clockwork((strictness) => strictness),
      [silence(100_000)],
      250,
    )
    expect(tuned.falseAlarmEvery / 250).toBeCloseTo(1, 1)
  })

  it('says what it reached where it cannot reach it', () => {
    expect(
      tune(
        clockwork(() => 10),
        [silence(1000)],
        250,
      ).falseAlarmEvery,
    ).toBe(10)
  })
})

describe('score', () => {
  it('takes the first alarm after the change, in time', () => {
    const found = score(
      clockwork(() => 30),
      1,
      [silence(100, 40), silence(60, 40)],
    )
    // Alarms at 30 and 60: one before the change, and one 20 outcomes after it.
    expect(found).toEqual({ delay: 20, missed: 0, falseAlarms: 2, quietOutcomes: 80 })
  })

  it('counts a miss as the longest delay', () => {
    expect(
      score(
        clockwork(() => 500),
        1,
        [silence(100, 40)],
      ),
    ).toMatchObject({ delay: 60, missed: 1 })
  })
})

describe('play', () => {
  it('is the same for the same seed, and another for another', () => {
    const story = CHANGING[0]!
    expect(play(story, '1', 50, 20, 20)).toEqual(play(story, '1', 50, 20, 20))
    expect(play(story, '1', 500, 20, 20)).not.toEqual(play(story, '2', 500, 20, 20))
  })

  it.each(CHANGING)('a change makes the model worse: $name', (story) => {
    const { reference, watched, change } = play(story, '1', 4000, 0, 4000)
    const rate = (errors: Uint8Array) => errors.reduce((sum, error) => sum + error, 0) / errors.length
    expect(change).toBe(0)
    expect(rate(watched)).toBeGreaterThan(rate(reference) + 0.02)
  })

  it('tunes on streams that are not scored', () => {
    const kinds = (name: string) => name.split(' ')[0]
    const scored = new Set(CHANGING.map(({ name }) => kinds(name)))
    expect(QUIET.filter(({ name }) => scored.has(kinds(name)))).toEqual([])
  })
})

describe('competitors', () => {
  it.each(COMPETITORS)('$name alarms when everything goes wrong', ({ create, from }) => {
    const reference = Uint8Array.from({ length: 1000 }, (_, i) => (i % 10 === 3 ? 1 : 0))
    const watch = create(1.2 * from, reference)
    const alarms = Array.from({ length: 40 * PANE }, () => watch(1))
    expect(alarms).toContain(true)
  })
})
