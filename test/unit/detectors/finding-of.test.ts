import { describe, expect, it } from 'vitest'
import { findingOf } from '../../../src/detectors/finding-of.ts'
import { finding } from '../../../src/events/finding.ts'

const parts = {
  detector: 'performance',
  subject: 'auc',
  verdict: 'stable',
  statistic: 'auc',
  value: 0.7,
  n: 10,
  m: 20,
  message: 'auc 0.7',
} as const

describe('findingOf', () => {
  it('makes null of what is left out or no finite number', () => {
    const made = findingOf({ ...parts, value: Number.NaN, effectLower: -Infinity })
    expect(made).toMatchObject({ value: null, effectLower: null, effectUpper: null, pValue: null })
    expect(finding.safeParse(made).success).toBe(true)
  })

  it('claims no certainty by a p-value of 0', () => {
    expect(findingOf({ ...parts, pValue: 0 }).pValue).toBe(1e-300)
    expect(findingOf({ ...parts, pValue: 1 + 1e-12 }).pValue).toBe(1)
  })

  it('keeps a value of 0', () => {
    expect(findingOf({ ...parts, value: 0, threshold: 0 })).toMatchObject({ value: 0, threshold: 0 })
  })
})
