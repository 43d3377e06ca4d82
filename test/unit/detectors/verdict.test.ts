import { describe, expect, it } from 'vitest'
import { findingStrength, verdictOf } from '../../../src/detectors/verdict.ts'
import { findingLike, OPTIONS } from '../../support/counted-samples.ts'

const drifted = { n: 200, m: 200, pValue: 1e-6, effect: 0.2, effectLower: 0.1, threshold: 0.1 }

describe('verdictOf', () => {
  it.each([
    ['drifted', {}],
    ['undecided', { n: 199 }],
    ['undecided', { m: 199 }],
    ['stable', { pValue: 1.1e-6 }],
    ['stable', { pValue: Number.NaN }],
    ['warning', { effectLower: 0.099 }],
    ['warning', { effectLower: 0, effect: 0.1 }],
    ['stable', { effectLower: 0.05, effect: 0.09 }],
    ['warning', { effectLower: 0.05, effect: 0.09, warningThreshold: 0.08 }],
    ['drifted', { resolution: 1 }],
    ['stable', { pValue: 0.5, resolution: 0.2 }],
    ['undecided', { pValue: 0.5, resolution: 0.21 }],
    ['stable', { pValue: 0.5, resolution: 0.21, effectUpper: 0.2 }],
    ['undecided', { pValue: 0.5, resolution: 0.21, effectUpper: 0.21 }],
    ['stable', { effectLower: -0.3, effect: -0.2 }],
  ] as const)('is %s with %j', (verdict, change) => {
    expect(verdictOf({ ...drifted, ...change }, OPTIONS)).toBe(verdict)
  })
})

describe('verdictOf without a budget', () => {
  it('never alarms', () => {
    expect(verdictOf({ ...drifted, pValue: 0 }, { ...OPTIONS, alpha: 0 })).toBe('stable')
  })
})

describe('findingStrength', () => {
  it('is the sure part of the effect in thresholds, whichever way it goes', () => {
    expect(findingStrength(findingLike({ effectLower: 0.3, effectUpper: 0.5, threshold: 0.1 }))).toBeCloseTo(
      3,
    )
    expect(
      findingStrength(findingLike({ effectLower: -0.5, effectUpper: -0.2, threshold: 0.1 })),
    ).toBeCloseTo(2)
  })

  it.each([
    [{ effectLower: -0.1, effectUpper: 0.2 }],
    [{ effectLower: null }],
    [{ effectUpper: null }],
    [{ threshold: null }],
    [{ threshold: 0 }],
  ])('is 0 with %j', (change) => {
    expect(findingStrength(findingLike(change))).toBe(0)
  })
})
