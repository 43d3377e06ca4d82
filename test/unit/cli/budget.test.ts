import { describe, expect, it } from 'vitest'
import { explainBudget } from '../../../src/cli/budget-command.ts'
import { describeBudget } from '../../../src/cli/budget-text.ts'
import { parseConfig } from '../../../src/config/load-config.ts'

const options = parseConfig(`
kafka: { brokers: [localhost:9092] }
models:
  small:
    version: 1
    task: binary
    features: { x: numeric, __proto__: categorical }
    windows: { data: 24h, performance: 24h }
`)
const small = options.models.get('small')!

describe('budget explain', () => {
  it('accounts for every false alarm', () => {
    const { tests, allotment } = explainBudget(options, small, null, 1000)
    expect(tests.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0)).toBeCloseTo(1, 9)
    expect(allotment.looks).toBe(2160)
    expect(tests.filter(({ subject }) => subject === '__proto__').length).toBeGreaterThan(3)
  })

  it('says what a rate of events lets each test see', () => {
    const { tests, delays } = explainBudget(options, small, null, 1000)
    const drift = tests.find(({ statistic, subject }) => statistic === 'omnibus' && subject === 'x')!
    expect(drift.sampleExpected).toBe(24_000)
    expect(drift.smallestEffect).toBeGreaterThan(0)
    expect(drift.smallestEffect).toBeLessThan(drift.threshold!)
    expect(delays.shift.find(({ change }) => change === 0.4)!.windowMs).toBe(86_400_000)
    const unknown = explainBudget(options, small, null, null)
    expect(
      unknown.tests.every(({ sampleExpected, smallestEffect }) => sampleExpected ?? smallestEffect === null),
    ).toBe(true)
    expect(unknown.delays.shift.every(({ windowMs }) => windowMs === null)).toBe(true)
  })

  it('reads as tables with the promise last, and as JSON without gaps', () => {
    const explanation = explainBudget(options, small, null, 1000)
    const text = describeBudget(explanation)
    expect(text).toMatch(/^small: 1 false alarm in 90d, 2160 looks/)
    expect(text).toContain('__proto__')
    expect(text).toMatch(/At most 1 false alarm expected in 90 days, if rows/)
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
    expect(JSON.parse(JSON.stringify(explanation)).tests).toHaveLength(explanation.tests.length)
  })
})
