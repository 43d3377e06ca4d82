import { describe, expect, it } from 'vitest'
import { evaluateEstimated } from '../../../src/triggers/estimated.ts'
import type { EstimatedTrigger } from '../../../src/triggers/policy.ts'
import { episode, MONDAY, metricFinding } from '../../support/trigger-inputs.ts'

const trigger: EstimatedTrigger = { kind: 'estimated', name: 'estimated', diagnoses: ['watch', 'retrain'] }
const fall = metricFinding(MONDAY, { detector: 'estimated-performance', verdict: 'drifted' })

describe('the estimated trigger', () => {
  it.each([
    [
      'data, where labels will decide',
      episode({ concern: 'data', diagnosis: 'watch', findings: [fall] }),
      true,
    ],
    ['performance, where none ever come', episode({ findings: [fall] }), true],
    ['a broken pipe', episode({ diagnosis: 'fix-data', findings: [fall] }), false],
    ['measured performance', episode({ findings: [{ ...fall, detector: 'performance' }] }), false],
    ['an estimate that warns', episode({ findings: [{ ...fall, verdict: 'warning' }] }), false],
  ] as const)('an episode of %s', (_, open, fires) => {
    const fired = evaluateEstimated(trigger, [open])
    expect(fired?.episode ?? null).toBe(fires ? open : null)
  })
})
