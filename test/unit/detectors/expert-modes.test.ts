import { describe, expect, it } from 'vitest'
import { advanceClassics, classicFindings, createClassics } from '../../../src/detectors/classic-findings.ts'
import { EXPERT_MODES, fixedRuleFindings, isClassic } from '../../../src/detectors/expert-modes.ts'
import { finding } from '../../../src/events/finding.ts'
import type { FeatureCounts } from '../../../src/sketches/types.ts'
import { normalSample, numericReference, numericWindow } from '../../support/counted-samples.ts'

const reference = numericReference(normalSample(10_000))
const windowOf = (values: number[]): FeatureCounts => ({
  kind: 'numeric',
  counts: numericWindow(reference, values),
})

describe('expert modes', () => {
  it('on features say what a fixed threshold says, and how often it cries by chance', () => {
    const findings = fixedRuleFindings(EXPERT_MODES, 'x', reference, windowOf(normalSample(1_000, 0.6)))
    expect(findings.map(({ statistic, verdict }) => [statistic, verdict])).toEqual([
      ['psi', 'drifted'],
      ['ks', 'drifted'],
      // These are of categories.
      ['chi-squared', 'undecided'],
      ['g-test', 'undecided'],
      ['jensen-shannon', 'drifted'],
      ['hellinger', 'drifted'],
      ['wasserstein', 'drifted'],
      ['evidently', 'drifted'],
      // This reference knows nothing of its windows.
      ['nannyml', 'undecided'],
    ])
    for (const one of findings) {
      expect(one).toMatchObject({ detector: 'classic', subject: 'x' })
      expect(one.message).toMatch(/expert mode, .*(by chance|one window in twenty)/)
      expect(finding.safeParse(one).success).toBe(true)
    }
    expect(fixedRuleFindings([], 'x', reference, windowOf([1]))).toEqual([])
    expect(fixedRuleFindings(['ddm'], 'x', reference, windowOf([1]))).toEqual([])
  })

  it('on outcomes take a pane at a time and alarm when the errors rise', () => {
    const classics = createClassics(
      EXPERT_MODES.filter((mode) => isClassic(mode)),
      'a model',
    )
    for (let pane = 0; pane < 20; pane++) advanceClassics(classics, { sum: 10, n: 100 })
    expect(
      classicFindings(classics, { sum: 10, n: 100 }).find(({ statistic }) => statistic === 'ddm')!.verdict,
    ).toBe('stable')
    const alarmed = new Set<string>()
    for (let pane = 0; pane < 20; pane++) {
      advanceClassics(classics, { sum: 60, n: 100 })
      for (const { verdict, statistic } of classicFindings(classics, { sum: 60, n: 100 })) {
        if (verdict === 'drifted') alarmed.add(statistic)
      }
    }
    expect([...alarmed]).toEqual(expect.arrayContaining(['adwin', 'ddm', 'hddm-a']))
    const [one] = classicFindings(classics, { sum: 60, n: 100 })
    expect(one!.message).toMatch(/at 60\.0 % wrong of 100 predictions \(expert mode, no set rate/)
  })

  it('say nothing of a pane without outcomes', () => {
    const classics = createClassics(['ddm'], 'a model')
    advanceClassics(classics, { sum: 0, n: 0 })
    expect(classicFindings(classics, { sum: 0, n: 0 })).toMatchObject([{ verdict: 'undecided', value: null }])
  })
})
