import { describe, expect, it } from 'vitest'
import { type Candidate, judgeCandidate } from '../../../src/retraining/gates.ts'
import { RETRAINING_DEFAULTS, type RetrainingOptions } from '../../../src/retraining/options.ts'
import type { Outcome } from '../../../src/retraining/outcome.ts'
import type { HoldoutRow } from '../../../src/retraining/pair.ts'
import { createRandom } from '../../../src/statistics/random.ts'

const outcome = (score: number): Outcome => ({ prediction: score >= 0.5 ? 1 : 0, score })

const clip = (p: number) => Math.min(0.99, Math.max(0.01, p))

/** Labels from a known probability; each model sees it through uniform noise of its own width. */
function holdout(n: number, noise: { champion: number; challenger: number }, seed = 'rows'): HoldoutRow[] {
  const random = createRandom(seed)
  return Array.from({ length: n }, (_, index) => {
    const p = 0.1 + 0.8 * random()
    const seen = (width: number) => outcome(clip(p + width * (random() - 0.5)))
    return {
      id: `p${index}`,
      label: random() < p ? 1 : 0,
      champion: seen(noise.champion),
      challenger: seen(noise.challenger),
    }
  })
}

const BETTER = { champion: 0.8, challenger: 0.1 }
const WORSE = { champion: 0.1, challenger: 0.8 }

function candidate(
  rows: readonly HoldoutRow[],
  options: Partial<RetrainingOptions> = {},
  over: Partial<Candidate> = {},
): Candidate {
  return {
    task: 'binary',
    positiveLabel: '1',
    holdout: rows,
    trainRows: 5000,
    options: { ...RETRAINING_DEFAULTS, ...options },
    seed: '77aa0c4de19b2f35',
    ...over,
  }
}

const shutGates = (each: Candidate) =>
  judgeCandidate(each)
    .gates.filter(({ passed }) => !passed)
    .map(({ gate }) => gate)

describe('judgeCandidate', () => {
  it('lets a clearly better challenger pass, with the numbers', () => {
    const { passed, gates } = judgeCandidate(candidate(holdout(2000, BETTER)))
    expect(passed).toBe(true)
    expect(gates.map(({ gate }) => gate)).toEqual([
      'training size',
      'coverage',
      'holdout size',
      'variation',
      'calibration',
      'log-loss difference',
    ])
    const difference = gates.at(-1)!
    expect(difference).toMatchObject({
      threshold: 0,
      n: 2000,
      message: 'log-loss of the challenger minus the champion on 2000 holdout events',
    })
    expect(difference.lower).toBeLessThan(difference.value!)
    expect(difference.value).toBeLessThan(difference.upper!)
    expect(difference.upper).toBeLessThan(0)
  })

  it.each(['logLoss', 'brier', 'auc', 'accuracy'] as const)('tells better from worse by %s', (metric) => {
    expect(judgeCandidate(candidate(holdout(2000, BETTER), { metric })).passed).toBe(true)
    expect(judgeCandidate(candidate(holdout(2000, WORSE), { metric })).passed).toBe(false)
  })

  it.each(['mae', 'rmse'] as const)('tells better from worse by %s', (metric) => {
    const random = createRandom('regression')
    const rows = (championNoise: number, challengerNoise: number): HoldoutRow[] =>
      Array.from({ length: 1000 }, (_, index) => {
        const label = 100 * random()
        const near = (noise: number) => ({ prediction: label + noise * (random() - 0.5), score: null })
        return { id: `p${index}`, label, champion: near(championNoise), challenger: near(challengerNoise) }
      })
    const regression = { task: 'regression' } as const
    expect(judgeCandidate(candidate(rows(30, 10), { metric }, regression)).passed).toBe(true)
    expect(judgeCandidate(candidate(rows(10, 30), { metric }, regression)).passed).toBe(false)
  })

  it('is the same for the same seed', () => {
    const rows = holdout(800, BETTER)
    expect(judgeCandidate(candidate(rows))).toEqual(judgeCandidate(candidate(rows)))
    expect(judgeCandidate(candidate(rows, {}, { seed: 'other' }))).not.toEqual(
      judgeCandidate(candidate(rows)),
    )
  })

  it('asks for the improvement at the unfavourable end, and can allow a loss', () => {
    const rows = holdout(2000, BETTER)
    const { value, upper } = judgeCandidate(candidate(rows)).gates.at(-1)!
    const between = -(value! + upper!) / 2
    expect(shutGates(candidate(rows, { improvementMin: between }))).toEqual(['log-loss difference'])
    const worse = holdout(2000, { champion: 0.1, challenger: 0.2 })
    expect(judgeCandidate(candidate(worse)).passed).toBe(false)
    expect(judgeCandidate(candidate(worse, { improvementMin: -0.1 })).passed).toBe(true)
  })

  it('does not pass an identical challenger', () => {
    const same = holdout(2000, BETTER).map((row) => ({ ...row, challenger: row.champion }))
    expect(shutGates(candidate(same))).toEqual(['log-loss difference'])
    expect(judgeCandidate(candidate(same)).gates.at(-1)).toMatchObject({ value: 0, lower: 0, upper: 0 })
    expect(judgeCandidate(candidate(same, { metric: 'auc' })).passed).toBe(false)
  })

  it('leaves out rows another version served, and counts them', () => {
    const rows = holdout(1000, BETTER).map((row, index) =>
      index % 4 === 0 ? { ...row, champion: null } : row,
    )
    const { passed, gates } = judgeCandidate(candidate(rows))
    expect(passed).toBe(true)
    expect(gates.find(({ gate }) => gate === 'holdout size')).toMatchObject({
      n: 750,
      message: "750 holdout events with both models' answers, at least 500 expected; 250 left out",
    })
    expect(shutGates(candidate(rows, { holdoutMin: 751 }))).toEqual(['holdout size'])
  })

  it.each([
    ['misses one prediction', () => null],
    ['has one NaN score', () => outcome(Number.NaN)],
    ['has one score that is no probability', () => outcome(1.2)],
    ['has no score', () => ({ prediction: 1, score: null })],
  ])('shuts the coverage gate when the challenger %s', (_, last) => {
    const rows = holdout(1000, BETTER)
    rows[999] = { ...rows[999]!, challenger: last() }
    expect(shutGates(candidate(rows))).toEqual(['coverage'])
  })

  it('shuts for a constant challenger, however well it fits', () => {
    const rows = holdout(1000, { champion: 0.8, challenger: 0 }).map((row) => ({
      ...row,
      label: 0,
      challenger: outcome(0.01),
    }))
    expect(shutGates(candidate(rows))).toEqual(['variation'])
  })

  it('shuts for a training set too small to judge by', () => {
    expect(shutGates(candidate(holdout(1000, BETTER), {}, { trainRows: 499 }))).toEqual(['training size'])
  })

  it('never passes on nothing', () => {
    const { passed, gates } = judgeCandidate(candidate([], { holdoutMin: 0 }, { trainRows: 0 }))
    expect(passed).toBe(false)
    expect(gates.at(-1)).toMatchObject({
      passed: false,
      value: null,
      message: 'log-loss is not defined on 0 events',
    })
  })

  it('says why there is no interval', () => {
    const rows = holdout(600, BETTER)
    const few = judgeCandidate(candidate(rows, { confidence: 0.999 }))
    expect(few.gates.at(-1)?.message).toBe(
      '400 bootstrap repeats, at least 1999 expected for confidence 0.999',
    )
    const oneClass = rows.map((row, index) => ({ ...row, label: index < 2 ? 1 : 0 }))
    const rare = judgeCandidate(candidate(oneClass, { metric: 'auc' }))
    expect(rare.gates.at(-1)?.message).toBe(
      'too few events of one class among 600 for an interval of the AUC',
    )
    expect(rare.passed).toBe(false)
  })

  it('shuts for a metric of another task', () => {
    expect(shutGates(candidate(holdout(1000, BETTER), { metric: 'rmse' }))).toEqual([
      'coverage',
      'holdout size',
      'RMSE difference',
    ])
  })

  it('judges 50,000 rows by AUC with 400 repeats in about a second', () => {
    const rows = holdout(50_000, BETTER)
    const started = performance.now()
    expect(judgeCandidate(candidate(rows, { metric: 'auc' })).passed).toBe(true)
    // Measured 0.6 s on one core; the bound leaves room for a busy machine.
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('the old regime', () => {
  const oldRegime = (noise: { champion: number; challenger: number }) => holdout(800, noise, 'old rows')
  const gateOfOld = (each: Candidate) =>
    judgeCandidate(each).gates.find(({ gate }) => gate === 'log-loss difference, old regime')

  it('has no gate where nothing was asked of it', () => {
    expect(gateOfOld(candidate(holdout(800, BETTER)))).toBeUndefined()
  })

  it('is told, whatever was forgotten, where no limit is set', () => {
    const told = gateOfOld(candidate(holdout(800, BETTER), {}, { oldRegime: oldRegime(WORSE) }))
    expect(told).toMatchObject({ passed: true, threshold: null, n: 800 })
    expect(told!.lower).toBeGreaterThan(0)
    expect(gateOfOld(candidate(holdout(800, BETTER), {}, { oldRegime: [] }))).toMatchObject({
      passed: true,
      value: null,
      message: 'no labelled events of before the training range are at hand',
    })
  })

  it('shuts beyond its limit, without rows, and for rows without an answer', () => {
    const limited = { gates: { ...RETRAINING_DEFAULTS.gates, oldRegimeLossMax: 0.01 } }
    const rows = holdout(800, BETTER)
    expect(gateOfOld(candidate(rows, limited, { oldRegime: oldRegime(BETTER) }))?.passed).toBe(true)
    expect(gateOfOld(candidate(rows, limited, { oldRegime: oldRegime(WORSE) }))?.passed).toBe(false)
    expect(gateOfOld(candidate(rows, limited, { oldRegime: [] }))?.passed).toBe(false)
    const silent = oldRegime(BETTER).map((row, index) => (index === 3 ? { ...row, challenger: null } : row))
    expect(gateOfOld(candidate(rows, limited, { oldRegime: silent }))).toMatchObject({
      passed: false,
      message: "1 of 800 events of the old regime without the challenger's answer",
    })
  })
})

describe('calibration', () => {
  const gateOfCalibration = (each: Candidate) =>
    judgeCandidate(each).gates.find(({ gate }) => gate === 'calibration')

  it('is held against the limit, or the champion where that is worse', () => {
    const rows = holdout(2000, { champion: 0.1, challenger: 0.1 })
    expect(gateOfCalibration(candidate(rows))).toMatchObject({ passed: true, threshold: 0.1 })
    const sure = rows.map((row) => {
      const score = row.champion!.score as number
      return { ...row, champion: row.challenger, challenger: outcome(score > 0.5 ? 0.99 : 0.01) }
    })
    expect(gateOfCalibration(candidate(sure))?.passed).toBe(false)
    const both = sure.map((row) => ({ ...row, champion: row.challenger }))
    expect(gateOfCalibration(candidate(both))?.passed).toBe(true)
  })

  it('is not judged where scores are no probabilities, and no gate of other tasks', () => {
    const ranks = holdout(800, BETTER).map((row) => ({
      ...row,
      challenger: { prediction: 1, score: 5 * (row.challenger!.score as number) },
    }))
    expect(gateOfCalibration(candidate(ranks, { metric: 'auc' }))).toMatchObject({
      passed: true,
      threshold: null,
    })
    expect(
      gateOfCalibration(candidate(ranks, { metric: 'accuracy' }, { task: 'multiclass' })),
    ).toBeUndefined()
  })
})
