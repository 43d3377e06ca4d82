import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Evidence, verdictOf } from '../../src/detectors/verdict.ts'
import type { Verdict } from '../../src/events/finding.ts'

const GRAVITY: Readonly<Record<Verdict, number>> = { undecided: 0, stable: 1, warning: 2, drifted: 3 }
const size = fc.double({ min: -1, max: 1, noNaN: true })
const probability = fc.double({ min: 0, max: 1, noNaN: true })

const evidence = fc
  .record({
    n: fc.nat(1_000),
    m: fc.nat(1_000),
    pValue: probability,
    effect: size,
    below: probability,
    above: probability,
    threshold: fc.double({ min: 0.01, max: 1, noNaN: true }),
    resolution: fc.double({ min: 0, max: 3, noNaN: true }),
  })
  .map(
    ({ below, above, ...rest }): Evidence => ({
      ...rest,
      effectLower: rest.effect - below,
      effectUpper: rest.effect + above,
    }),
  )
const options = fc.record({ alpha: fc.double({ min: 0, max: 0.1, noNaN: true }), sampleMin: fc.nat(500) })

describe('verdicts', () => {
  it('never become milder as the evidence grows', () => {
    fc.assert(
      fc.property(evidence, options, probability, probability, (one, by, smaller, more) => {
        const stronger = {
          ...one,
          pValue: one.pValue * smaller,
          effect: one.effect + more,
          effectLower: one.effectLower + more,
          effectUpper: one.effectUpper! + more,
        }
        // Stable and undecided are both no alarm: a larger effect may no longer be excluded.
        const alarm = Math.max(1, GRAVITY[verdictOf(one, by)])
        expect(Math.max(1, GRAVITY[verdictOf(stronger, by)])).toBeGreaterThanOrEqual(alarm)
      }),
    )
  })

  it('alarm no more often at a lower level, and never without one', () => {
    fc.assert(
      fc.property(evidence, options, probability, (one, by, share) => {
        const lower = verdictOf(one, { ...by, alpha: by.alpha * share })
        if (lower === 'drifted') expect(verdictOf(one, by)).toBe('drifted')
        expect(['stable', 'undecided']).toContain(verdictOf(one, { ...by, alpha: 0 }))
      }),
    )
  })

  it('alarm only where even the lower bound matters', () => {
    let alarms = 0
    fc.assert(
      fc.property(evidence, options, (one, by) => {
        if (verdictOf(one, by) !== 'drifted') return
        alarms++
        expect(one.effectLower).toBeGreaterThanOrEqual(one.threshold)
        expect(one.pValue).toBeLessThanOrEqual(by.alpha)
        expect(Math.min(one.n, one.m)).toBeGreaterThanOrEqual(by.sampleMin)
      }),
      { numRuns: 20_000, seed: 1 },
    )
    expect(alarms).toBeGreaterThan(0)
  })
})
