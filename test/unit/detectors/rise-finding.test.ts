import { describe, expect, it } from 'vitest'
import { judgeRiseEvidence } from '../../../src/detectors/rise-finding.ts'
import { createErrorRateDetector, updateErrorRate } from '../../../src/detectors/sequential/error-rate.ts'
import { finding } from '../../../src/events/finding.ts'
import { findingLike, OPTIONS } from '../../support/counted-samples.ts'

const accuracy = findingLike({
  detector: 'performance',
  subject: 'accuracy',
  statistic: 'accuracy',
  value: 0.8,
  referenceValue: 0.9,
  effectLower: -0.12,
  effectUpper: -0.08,
  n: 2_000,
  m: 20_000,
  window: { fromMs: 0, toMs: 10 },
})

/** After 20 steps of 100 outcomes with so many errors, against 10 % in the reference. */
function evidenceOf(errors: number) {
  const detector = createErrorRateDetector({ errors: 2_000, n: 20_000 }, { falseAlarms: 0.1, looks: 2_160 })
  for (let step = 0; step < 20; step++) updateErrorRate(detector, errors, 100)
  return detector
}

describe('judgeRiseEvidence', () => {
  it('alarms where the evidence is enough and the loss has surely risen by what matters', () => {
    const [one] = judgeRiseEvidence(
      { loss: 'error-rate', evidence: evidenceOf(20), metric: accuracy, basis: 'unknown' },
      OPTIONS,
    )
    expect(one).toMatchObject({
      detector: 'performance',
      subject: 'error-rate',
      statistic: 'e-detector',
      verdict: 'drifted',
      value: expect.closeTo(0.2),
      referenceValue: expect.closeTo(0.1),
      effectLower: 0.08,
      effectUpper: 0.12,
      pValue: null,
      window: { fromMs: 0, toMs: 10 },
    })
    const [evidence, needed] = one!.measures!
    expect(evidence!.value!).toBeGreaterThan(needed!.value!)
    expect(finding.safeParse(one).success).toBe(true)
  })

  it('is stable without the evidence, however bad a window looks, and where the rise is small', () => {
    const quiet = {
      loss: 'error-rate',
      evidence: evidenceOf(10),
      metric: accuracy,
      basis: 'unknown',
    } as const
    expect(judgeRiseEvidence(quiet, OPTIONS)[0]!.verdict).toBe('stable')
    const small = { ...accuracy, value: 0.89, effectLower: -0.02, effectUpper: -0.005 }
    const surely = { loss: 'error-rate', evidence: evidenceOf(20), metric: small, basis: 'unknown' } as const
    expect(judgeRiseEvidence(surely, OPTIONS)[0]!.verdict).toBe('stable')
  })

  it('warns at most where the windows of the reference break its promise', () => {
    const scattered = {
      loss: 'error-rate',
      evidence: evidenceOf(20),
      metric: accuracy,
      basis: 'panes',
    } as const
    expect(judgeRiseEvidence(scattered, OPTIONS)[0]).toMatchObject({ verdict: 'warning', null: 'panes' })
  })

  it('has nothing to say before a window has outcomes', () => {
    const unseen = { loss: 'brier', evidence: evidenceOf(20), metric: undefined, basis: 'unknown' } as const
    expect(judgeRiseEvidence(unseen, OPTIONS)).toEqual([])
  })
})
