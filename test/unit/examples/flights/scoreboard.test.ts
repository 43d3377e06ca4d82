import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, weekStartMs } from '../../../../examples/flights/calendar.ts'
import { Scoreboard } from '../../../../examples/flights/scoreboard.ts'
import { emptyScores, mergeScores, recordScore, scoresAuc } from '../../../../examples/flights/scores.ts'

const outcomes = fc.array(fc.record({ bin: fc.integer({ min: 0, max: 511 }), late: fc.boolean() }), {
  minLength: 1,
  maxLength: 60,
})
/** In the middle of a bin, so that the grid loses nothing. */
const scoreOf = (bin: number) => (bin + 0.5) / 512

function scoresOf(drawn: readonly { bin: number; late: boolean }[]) {
  const scores = emptyScores()
  for (const { bin, late } of drawn) recordScore(scores, scoreOf(bin), late)
  return scores
}

describe('scores', () => {
  it('rank as all pairs of a late and a punctual flight do', () => {
    fc.assert(
      fc.property(outcomes, (drawn) => {
        const late = drawn.filter((outcome) => outcome.late)
        const punctual = drawn.filter((outcome) => !outcome.late)
        let won = 0
        for (const a of late) for (const b of punctual) won += a.bin > b.bin ? 1 : a.bin === b.bin ? 0.5 : 0
        const pairs = late.length * punctual.length
        const auc = scoresAuc(scoresOf(drawn))
        if (pairs === 0) expect(auc).toBeNaN()
        else expect(auc).toBeCloseTo(won / pairs, 10)
      }),
    )
  })

  it('add up to what they would be together', () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const merged = mergeScores(scoresOf(a), scoresOf(b))
        const together = scoresOf([...a, ...b])
        expect(merged.logLossSum).toBeCloseTo(together.logLossSum, 9)
        expect({ ...merged, logLossSum: 0 }).toEqual({ ...together, logLossSum: 0 })
      }),
    )
  })

  it('take a certain score for certain, but never for infinite', () => {
    const scores = emptyScores()
    recordScore(scores, 1, true)
    recordScore(scores, 1, false)
    recordScore(scores, 0, false)
    expect(scores.logLossSum).toBeCloseTo(-Math.log(1e-15), 6)
    expect(scoresAuc(scores)).toBe(0.75)
  })
})

describe('the scoreboard', () => {
  const board = new Scoreboard()
  const at = (week: number, hour: number) => weekStartMs(week) + hour * HOUR_MS
  board.add('2', at(6, 9), true, 0.9, 0.2)
  board.add('2', at(6, 8), false, 0.1, 0.4)
  board.add('1', at(5, 1), true, 0.5, null)
  board.add('1', at(6, 2), false, 0.5, null)
  board.add('2', at(6, 3), false, 0.9, 0.4)

  it('shows each version beside the one it replaced, in the order of service', () => {
    expect(board.versions()).toEqual([
      {
        version: '1',
        from: at(5, 1),
        to: at(6, 2),
        events: 2,
        logLoss: Math.LN2,
        auc: 0.5,
        oldModelLogLoss: null,
        oldModelAuc: null,
      },
      {
        version: '2',
        from: at(6, 3),
        to: at(6, 9),
        events: 3,
        logLoss: expect.closeTo(-(2 * Math.log(0.9) + Math.log(0.1)) / 3, 10),
        auc: 0.75,
        oldModelLogLoss: expect.closeTo(-(Math.log(0.2) + 2 * Math.log(0.6)) / 3, 10),
        oldModelAuc: 0,
      },
    ])
  })

  it('books an outcome to the week of its prediction, whoever made it', () => {
    const [fifth, sixth] = board.weeks()
    expect(board.weeks()).toHaveLength(2)
    expect([fifth!.week, fifth!.events, fifth!.lateShare, fifth!.auc]).toEqual([5, 1, 1, Number.NaN])
    expect(fifth!.oldModelLogLoss).toBeNull()
    expect([sixth!.week, sixth!.events, sixth!.lateShare, sixth!.oldModelAuc]).toEqual([6, 4, 0.25, 0])
  })

  it('is empty before the first outcome', () => {
    expect([new Scoreboard().weeks(), new Scoreboard().versions()]).toEqual([[], []])
  })
})
