import { describe, expect, it } from 'vitest'
import { CHECKS, chooseChecks } from '../../../bench/accuracy/checks.ts'
import { COMPETITORS, PANE } from '../../../bench/accuracy/delay/competitors.ts'
import { CHANGING, play, QUIET } from '../../../bench/accuracy/delay/episodes.ts'
import { KSWIN_DIAL } from '../../../bench/accuracy/delay/kswin-dial.ts'
import { type OutcomeDelayCell, runOutcomeDelayCell } from '../../../bench/accuracy/delay/outcome-cell.ts'
import { score } from '../../../bench/accuracy/delay/score.ts'
import { linesOf, type Standing, tableOf } from '../../../bench/accuracy/delay/standings.ts'
import { tune } from '../../../bench/accuracy/delay/tune.ts'
import type { Watched } from '../../../bench/accuracy/delay/watching.ts'
import { ksOfEqualSamples } from '../../../src/statistics/ks-of-equal-samples.ts'

/** A stream of so many steps under a detector that alarms at every n-th. */
function clockwork(every: (strictness: number) => number, steps: number, change = steps): Watched {
  return (strictness) => {
    let seen = 0
    return { steps, change, next: () => ++seen % Math.round(every(strictness)) === 0 }
  }
}

const DIAL = { from: 1, to: 10_000 }

describe('chooseChecks', () => {
  it('chooses by name, and names what there is', () => {
    expect(chooseChecks(undefined)).toBe(CHECKS)
    expect(chooseChecks('delay').map(({ id }) => id)).toEqual(['delay'])
    expect(() => chooseChecks('delay,speed')).toThrow('got "speed"')
  })
})

describe('tune', () => {
  it('finds the strictness with the mean time asked for', () => {
    const tuned = tune(DIAL, [clockwork((strictness) => strictness, 100_000)], 250)
    expect(tuned.falseAlarmEvery / 250).toBeCloseTo(1, 1)
    expect(tuned.falseAlarms).toBe(Math.floor(100_000 / Math.round(tuned.strictness)))
  })

  it('says what it reached where it cannot reach it', () => {
    expect(tune(DIAL, [clockwork(() => 10, 1000)], 250).falseAlarmEvery).toBe(10)
  })

  it('does not watch on where there are far too many alarms', () => {
    let steps = 0
    const counted: Watched = (strictness) => {
      const watching = clockwork(() => 10, 1000)(strictness)
      return { ...watching, next: () => ++steps > 0 && watching.next() }
    }
    tune(DIAL, [counted, counted, counted], 250)
    // Eight settings, of which each is given up after the first stream.
    expect(steps).toBe(8000)
  })

  it('tries a setting once where few make a difference', () => {
    const tried: number[] = []
    const stepwise: Watched = (strictness) => {
      tried.push(strictness)
      return clockwork(() => strictness, 10_000)(strictness)
    }
    const dial = { from: 1, to: 1000, settle: (strictness: number) => 100 * Math.ceil(strictness / 100) }
    expect(tune(dial, [stepwise], 250).strictness).toBe(300)
    expect(new Set(tried).size).toBe(tried.length)
  })
})

describe('score', () => {
  it('takes the first alarm after the change, in time', () => {
    const found = score(1, [clockwork(() => 30, 100, 40), clockwork(() => 30, 60, 35)])
    // Alarms at 30 and 60: one before the change, and one 20 or 25 steps after it.
    expect(found).toEqual({
      plays: 2,
      delay: 22.5,
      standardError: 2.5,
      missed: 0,
      falseAlarms: 2,
      quietSteps: 75,
    })
  })

  it('counts a miss as the longest delay', () => {
    expect(score(1, [clockwork(() => 500, 100, 40)])).toMatchObject({ delay: 60, missed: 1 })
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

describe('KSWIN_DIAL', () => {
  it('alarms from so many thirtieths on', () => {
    const alarmsOf = (steps: number) => {
      const alpha = KSWIN_DIAL.options(steps).alpha!
      // Thirty and thirty: the newest lie above all but some of the older ones.
      const overlap = (moved: number) => {
        const older = Array.from({ length: 30 }, (_, at) => at)
        return ksOfEqualSamples(
          older,
          older.map((value) => value + moved - 0.5),
        ).pValue
      }
      return [steps - 1, steps, steps + 1].map((moved) => overlap(moved) <= alpha)
    }
    expect(alarmsOf(12)).toEqual([false, true, true])
    expect(alarmsOf(20)).toEqual([false, true, true])
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

describe('runOutcomeDelayCell', () => {
  const cell: OutcomeDelayCell = {
    id: 'page-hinkley',
    competitor: 'page-hinkley',
    falseAlarmEvery: 1000,
    quietPlays: 1,
    quietOutcomes: 4000,
    plays: 2,
    seed: 'test',
    data: null,
  }

  it('tunes, and scores every story; the same for the same seed', { timeout: 60_000 }, () => {
    const { tuned, scores } = runOutcomeDelayCell(cell)
    expect(tuned.falseAlarmEvery).toBeGreaterThan(500)
    expect(tuned.falseAlarmEvery).toBeLessThan(2000)
    expect(scores.map(({ story, plays }) => [story, plays])).toEqual(CHANGING.map(({ name }) => [name, 2]))
    expect(runOutcomeDelayCell(cell)).toEqual({ tuned, scores })
  })
})

describe('standings', () => {
  const standing = (name: string, isRival: boolean, delays: readonly number[]): Standing => ({
    name,
    isRival,
    dial: 'level',
    tuned: [{ strictness: 2, falseAlarmEvery: 100, falseAlarms: 5, on: 'quiet' }],
    scores: delays.map((delay, at) => ({
      story: `story ${at}`,
      isJudged: at < 2,
      plays: 4,
      delay,
      standardError: 1,
      missed: at === 1 ? 0.25 : 0,
      falseAlarms: at,
      quietSteps: 100,
    })),
    cpuSeconds: 1,
  })

  it('holds means of the judged stories against rivals, and misses against their share', () => {
    const ours = standing('ours', false, [10, 30, 500])
    const lines = linesOf('delay', ours, [ours, standing('theirs', true, [20, 60, 1])], 'rows')
    expect(lines.map(({ id, value, met }) => [id, value, met])).toEqual([
      ['delay-ours', 20, null],
      ['delay-theirs', 40, null],
      ['delay-over-theirs', 0.5, true],
      ['delay-missed', 0.125, false],
    ])
  })

  it('tells delays with errors and misses, and false alarms before the change', () => {
    const table = tableOf([standing('ours', false, [10, 30, 500])])
    expect(table).toContain('| story 0                         | 10 ± 1        |')
    expect(table).toContain('| 30 ± 1 (25 %) |')
    expect(table).toMatch(/story 0 +\| none in 100/)
    expect(table).toMatch(/story 2 +\| 50/)
    expect(table).toMatch(/ours +\| level: 2\.00 \| 100 +\| 200 /)
  })
})
