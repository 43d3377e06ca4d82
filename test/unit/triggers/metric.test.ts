import { describe, expect, it } from 'vitest'
import { advanceHistory, evaluateMetric, type MetricHistory } from '../../../src/triggers/metric.ts'
import type { MetricRule, MetricTrigger } from '../../../src/triggers/policy.ts'
import { DAY, HOUR, MONDAY, metricFinding, observation } from '../../support/trigger-inputs.ts'

const trigger = (rule: MetricRule, over: Partial<MetricTrigger> = {}): MetricTrigger => ({
  kind: 'metric',
  name: 'watched',
  metric: 'auc',
  source: 'measured',
  rule,
  ...over,
})
const below = trigger({ kind: 'below', limit: 0.7 })

describe('a metric trigger', () => {
  it.each([
    [0.69, true],
    [0.7, false],
    [0.71, false],
  ])('below 0.7 at %d: %s', (value, fires) => {
    const findings = [metricFinding(MONDAY, { value })]
    const fired = evaluateMetric(below, undefined, observation(MONDAY, { findings }))
    expect(fired !== null).toBe(fires)
    if (fires)
      expect(fired).toMatchObject({ evidence: findings, measured: true, reason: 'auc 0.69, below 0.7' })
  })

  it('above its limit, as losses are watched', () => {
    const loss = trigger({ kind: 'above', limit: 0.5 }, { metric: 'log-loss' })
    const at = (value: number) =>
      observation(MONDAY, { findings: [metricFinding(MONDAY, { statistic: 'log-loss', value })] })
    expect(evaluateMetric(loss, undefined, at(0.5))).toBeNull()
    expect(evaluateMetric(loss, undefined, at(0.51))?.reason).toBe('log-loss 0.51, above 0.5')
  })

  it.each([
    ['auc', 0.72, 0.8, true],
    ['auc', 0.73, 0.8, false],
    ['auc', 0.9, 0.8, false],
    ['mae', 11, 10, true],
    ['mae', 10.9, 10, false],
    ['mae', 8, 10, false],
    ['mae', 0.001, 0, true],
    ['mae', 0, 0, false],
  ])('worse than the reference by a tenth: %s %d for %d is %s', (metric, value, referenceValue, fires) => {
    const rule = trigger({ kind: 'worse-than-reference', share: 0.0999999 }, { metric })
    const findings = [metricFinding(MONDAY, { statistic: metric, value, referenceValue })]
    expect(evaluateMetric(rule, undefined, observation(MONDAY, { findings })) !== null).toBe(fires)
  })

  it('takes the shortest window, of several of that length the newest, and its own source alone', () => {
    const findings = [
      metricFinding(MONDAY, { value: 0.5 }, 48),
      metricFinding(MONDAY - HOUR, { value: 0.6 }),
      metricFinding(MONDAY, { value: 0.9 }),
      metricFinding(MONDAY, { value: 0.1, detector: 'estimated-performance' }, 1),
    ]
    expect(evaluateMetric(below, undefined, observation(MONDAY, { findings }))).toBeNull()
    const estimated = trigger({ kind: 'below', limit: 0.7 }, { source: 'estimated' })
    const fired = evaluateMetric(estimated, undefined, observation(MONDAY, { findings }))
    expect(fired?.reason).toBe('estimated auc 0.1, below 0.7')
  })

  it('says nothing of what is undecided or not there', () => {
    const undecided = metricFinding(MONDAY, { value: 0.1, verdict: 'undecided' })
    for (const findings of [[undecided], [metricFinding(MONDAY, { value: null })], []]) {
      expect(evaluateMetric(below, undefined, observation(MONDAY, { findings }))).toBeNull()
    }
  })
})

describe('a rate of change', () => {
  const falling = trigger({ kind: 'worse-within', share: 0.1, withinMs: 2 * DAY })

  /** One value an hour; the hours at which it fires, and the last history. */
  function play(valueAt: (hour: number) => number | null, hours: number) {
    let history: MetricHistory | undefined
    const fired: number[] = []
    for (let hour = 0; hour < hours; hour++) {
      const value = valueAt(hour)
      const findings = value === null ? [] : [metricFinding(MONDAY + hour * HOUR, { value })]
      const observed = observation(MONDAY + hour * HOUR, { findings })
      history = advanceHistory(history, falling, observed) ?? undefined
      if (evaluateMetric(falling, history, observed) !== null) fired.push(hour)
    }
    return { fired, history }
  }

  it('fires once the metric has lost the share within the time, and no more when that is the past', () => {
    const { fired } = play((hour) => (hour < 100 ? 0.8 : 0.7), 200)
    expect(fired[0]).toBe(100)
    expect(fired.at(-1)).toBeGreaterThanOrEqual(147)
    expect(fired.at(-1)).toBeLessThanOrEqual(149)
  })

  it('says nothing before it can look back far enough, and nothing of a slow fall', () => {
    expect(play((hour) => 0.8 - 0.004 * hour, 40).fired).toEqual([])
    expect(play((hour) => 0.8 - 0.0005 * hour, 300).fired).toEqual([])
  })

  it('keeps few points however long it runs, and none of an undecided metric', () => {
    expect(play(() => 0.8, 2_000).history!.points.length).toBeLessThanOrEqual(66)
    expect(play(() => null, 10).history).toEqual({ name: 'watched', points: [] })
    expect(advanceHistory(undefined, below, observation(MONDAY))).toBeNull()
  })
})
