import { describe, expect, it } from 'vitest'
import { evaluateCost } from '../../../src/triggers/cost.ts'
import type { CostTrigger } from '../../../src/triggers/policy.ts'
import { DAY, MONDAY, metricFinding, observation } from '../../support/trigger-inputs.ts'

const trigger: CostTrigger = {
  kind: 'cost',
  name: 'cost',
  metric: 'log-loss',
  source: 'measured',
  costPerUnit: 0.5,
  retrainCost: 100,
  horizonMs: 10 * DAY,
  predictionsPerDay: null,
  recoverable: 1,
}
// Of 2400 predictions in a day: a sure rise of 0.01 costs 0.01 · 0.5 · 2400 · 10 = 120.
const rise = metricFinding(MONDAY, { statistic: 'log-loss', effectLower: 0.01, effectUpper: 0.05 })
const fires = (over: Partial<CostTrigger>, finding = rise) =>
  evaluateCost({ ...trigger, ...over }, observation(MONDAY, { findings: [finding] }))

describe('the cost trigger', () => {
  it('fires when what is surely lost within the horizon is worth more than a retrain', () => {
    expect(fires({})?.reason).toBe('a retrain avoids 120 in 10 days and costs 100')
    expect(fires({ retrainCost: 119.9 })).not.toBeNull()
    expect(fires({ retrainCost: 120 })).toBeNull()
    expect(fires({})).toMatchObject({ measured: true, evidence: [rise] })
  })

  it.each([
    ['half is won back', { recoverable: 0.5 }],
    ['fewer predictions are made', { predictionsPerDay: 1_000 }],
    ['the next change is near', { horizonMs: 2 * DAY }],
    ['errors are cheap', { costPerUnit: 0.01 }],
  ])('does not when %s', (_, over) => {
    expect(fires(over)).toBeNull()
  })

  it('counts the bound that speaks for the champion, of a gain the other one', () => {
    expect(fires({}, { ...rise, effectLower: -0.01 })).toBeNull()
    expect(fires({}, { ...rise, effectLower: null })).toBeNull()
    const fall = metricFinding(MONDAY, { effectLower: -0.05, effectUpper: -0.01 })
    expect(fires({ metric: 'auc' }, fall)).not.toBeNull()
    expect(fires({ metric: 'auc' }, { ...fall, effectUpper: 0.01 })).toBeNull()
  })

  it('takes the rate from the length of the window', () => {
    const ofTwoDays = { ...rise, window: { fromMs: MONDAY - 2 * DAY, toMs: MONDAY } }
    expect(fires({}, ofTwoDays)).toBeNull()
    expect(fires({ retrainCost: 59 }, ofTwoDays)).not.toBeNull()
  })
})
