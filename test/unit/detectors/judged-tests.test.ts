import { describe, expect, it } from 'vitest'
import { countLooks, type JudgedModel, judgedTests } from '../../../src/detectors/judged-tests.ts'

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
  hasDelays: true,
}
const told = (of: JudgedModel, subject: string) =>
  judgedTests(of)
    .filter((test) => test.subject === subject)
    .map(({ statistic, windowMs }) => `${statistic} ${windowMs / HOUR}h`)

function counted(of: JudgedModel) {
  const { outcomes, score, features } = countLooks(judgedTests(of), 90 * DAY)
  return { outcomes: outcomes.tests, score: score.tests, features: features.tests }
}

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
    // Four metrics and the label rate at two lengths, coverage, two delays and the e-detector once; three of
    // scores at two.
    expect(counted(model)).toEqual({ outcomes: 14, score: 6, features: 13 })
    expect(counted({ ...model, hasDelays: false }).outcomes).toBe(12)
    expect(counted({ ...model, hasCalibration: false }).score).toBe(4)
    const bare = { ...model, hasScores: false, hasOutcomes: false }
    expect(counted(bare)).toEqual({ outcomes: 0, score: 0, features: 13 })
  })

  it('looks at every pane where the window moves, at longer ones twice a base', () => {
    const daily = { ...model, features: model.features.slice(0, 1) }
    // A day that slides by the hour, two lengths that move once a day; five tests at the base or every hour.
    expect(countLooks(judgedTests(daily), 90 * DAY).features.looks).toBe(2160 * (1 + 5) + 2 * 180)
    const hourly = { ...daily, features: [{ ...daily.features[0]!, windowsMs: [HOUR, 2 * HOUR, 4 * HOUR] }] }
    expect(countLooks(judgedTests(hourly), 90 * DAY).features.looks).toBe(2160 * (3 + 5))
    // Five of a day and five of two, coverage, two delays and the e-detector.
    expect(countLooks(judgedTests(daily), 90 * DAY).outcomes.looks).toBe(2160 * (5 + 4) + 5 * 180)
  })

  it('asks a regression for its errors and labels', () => {
    const regression = { ...model, task: 'regression', hasScores: false, hasCalibration: false } as const
    const names = new Set(
      judgedTests(regression)
        .filter(({ part }) => part === 'outcomes')
        .map(({ statistic }) => statistic),
    )
    expect([...names]).toEqual([
      'mae',
      'rmse',
      'label-mean',
      'psi',
      'coverage',
      'median-delay',
      'p90-delay',
      'e-detector',
    ])
  })
})
