import { describe, expect, it } from 'vitest'
import { judgeConstant } from '../../../src/detectors/constant-feature.ts'
import type { FeatureCounts, FeatureReference } from '../../../src/sketches/types.ts'
import {
  categoricalReference,
  categoricalWindow,
  normalSample,
  numericReference,
  numericWindow,
  OPTIONS,
} from '../../support/counted-samples.ts'

const sensor = numericReference([...normalSample(9_000), ...new Array<number>(1_000).fill(0)])
const numbers = (values: number[]): FeatureCounts => ({
  kind: 'numeric',
  counts: numericWindow(sensor, values),
})
const judge = (window: FeatureCounts, reference: FeatureReference = sensor, designEffect = 1) =>
  judgeConstant('sensor', reference, window, designEffect, OPTIONS)

describe('judgeConstant', () => {
  it('sees a sensor that is stuck at a value it often has', () => {
    const [one] = judge(numbers(new Array<number>(300).fill(0)))
    expect(one).toMatchObject({
      detector: 'data-quality',
      statistic: 'constant',
      verdict: 'drifted',
      n: 300,
      m: 10_000,
      message: 'sensor is 0 in all of 300 values, in 10.0 % of the reference',
    })
    expect(one!.pValue!).toBeLessThan(1e-200)
  })

  it('has no finding while values differ, and none without values', () => {
    expect(judge(numbers([...new Array<number>(300).fill(0), 1]))).toEqual([])
    expect(judge(numbers([]))).toEqual([])
  })

  it('leaves a feature alone that was constant before', () => {
    const flag = numericReference(new Array<number>(5_000).fill(7))
    const window: FeatureCounts = {
      kind: 'numeric',
      counts: numericWindow(flag, new Array<number>(300).fill(7)),
    }
    expect(judge(window, flag)[0]).toMatchObject({ verdict: 'stable', effectUpper: expect.closeTo(0, 2) })
  })

  it('knows runs of the same value from a stuck one', () => {
    const weekday = categoricalReference(new Map(['Mo', 'Tu', 'We'].map((day) => [day, 10_000])))
    const monday: FeatureCounts = {
      kind: 'categorical',
      counts: categoricalWindow(weekday, new Map([['Mo', 1_000]])),
    }
    expect(judge(monday, weekday)[0]!.verdict).toBe('drifted')
    // Each of the reference's windows holds one day: a thousand rows say as much as one.
    const [one] = judge(monday, weekday, 1_000)
    expect(one!.verdict).toBe('stable')
    expect(one!.pValue!).toBeGreaterThan(0.5)
  })

  it('leaves values that the dictionary does not hold to the unseen rate', () => {
    const days = categoricalReference(new Map([['Mo', 10_000]]))
    const counts = categoricalWindow(days, new Map([['Sunday', 400]]))
    expect(judge({ kind: 'categorical', counts }, days)).toEqual([])
  })
})
