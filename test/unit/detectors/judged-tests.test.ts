import { describe, expect, it } from 'vitest'
import { countTests, type JudgedModel, judgedTests } from '../../../src/detectors/judged-tests.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const model: JudgedModel = {
  task: 'binary',
  features: [
    { name: 'distance', kind: 'numeric', windowsMs: [DAY, 2 * DAY, 4 * DAY] },
    { name: '__proto__', kind: 'categorical', windowsMs: [7 * DAY] },
  ],
  qualityMs: HOUR,
  scoreWindowsMs: [7 * DAY, 14 * DAY],
  performanceWindowsMs: [DAY, 2 * DAY],
  paneMs: HOUR,
  hasScores: true,
  hasCalibration: true,
  hasOutcomes: true,
}
const told = (of: JudgedModel, subject: string) =>
  judgedTests(of)
    .filter((test) => test.subject === subject)
    .map(({ statistic, windowMs }) => `${statistic} ${windowMs / HOUR}h`)

describe('judgedTests', () => {
  it('asks a feature for its distribution at every length, for its quality once', () => {
    expect(told(model, 'distance')).toEqual([
      'omnibus 24h',
      'omnibus 48h',
      'omnibus 96h',
      'missing-rate 1h',
      'wrong-type-rate 1h',
      'out-of-range-rate 1h',
      'unit-factor 1h',
      'constant 24h',
    ])
    expect(told(model, '__proto__')).toEqual([
      'omnibus 168h',
      'missing-rate 1h',
      'wrong-type-rate 1h',
      'unseen-rate 1h',
      'constant 168h',
    ])
  })

  it('asks outcomes and scores only where the reference knows them', () => {
    // Four metrics and the label rate at two lengths, coverage and the e-detector once; three of scores at two.
    expect(countTests(judgedTests(model))).toEqual({ outcomes: 12, score: 6, features: 13 })
    expect(countTests(judgedTests({ ...model, hasCalibration: false })).score).toBe(4)
    const bare = { ...model, hasScores: false, hasOutcomes: false }
    expect(countTests(judgedTests(bare))).toEqual({ outcomes: 0, score: 0, features: 13 })
  })

  it('asks a regression for its errors and labels', () => {
    const regression = { ...model, task: 'regression', hasScores: false, hasCalibration: false } as const
    const names = new Set(
      judgedTests(regression)
        .filter(({ part }) => part === 'outcomes')
        .map(({ statistic }) => statistic),
    )
    expect([...names]).toEqual(['mae', 'rmse', 'label-mean', 'psi', 'coverage'])
  })
})
