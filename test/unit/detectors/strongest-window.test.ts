import { describe, expect, it } from 'vitest'
import { strongestByTest } from '../../../src/detectors/strongest-window.ts'
import { findingLike } from '../../support/counted-samples.ts'

describe('strongestByTest', () => {
  it('takes the gravest verdict, then the smallest p-value, then the surest effect, then the first', () => {
    const base = findingLike({ verdict: 'stable', pValue: 1e-9, n: 1 })
    const drifted = findingLike({ verdict: 'drifted', pValue: 1e-7, effectLower: 0.2, n: 2 })
    const clearer = findingLike({ verdict: 'drifted', pValue: 1e-8, effectLower: 0.2, n: 3 })
    const surer = findingLike({ verdict: 'drifted', pValue: 1e-8, effectLower: 0.3, n: 4 })
    const chosen = (...findings: (typeof base)[]) => strongestByTest(findings).map(({ n }) => n)
    expect(chosen(base, drifted)).toEqual([2])
    expect(chosen(drifted, clearer, base)).toEqual([3])
    expect(chosen(clearer, surer)).toEqual([4])
    expect(chosen(surer, { ...surer, n: 5 })).toEqual([4])
  })

  it('is undecided only where every length is', () => {
    const undecided = findingLike({ verdict: 'undecided', pValue: 1e-20 })
    expect(strongestByTest([undecided, findingLike({ verdict: 'stable', pValue: 0.4 })])[0]!.verdict).toBe(
      'stable',
    )
    expect(strongestByTest([undecided, { ...undecided, pValue: null }])[0]!.verdict).toBe('undecided')
  })

  it('tells tests apart by detector, subject and statistic, hostile names too', () => {
    const findings = ['psi', 'ks'].flatMap((statistic) =>
      ['x', '__proto__', 'x","psi'].map((subject) => findingLike({ statistic, subject })),
    )
    expect(strongestByTest(findings)).toEqual(findings)
    expect(strongestByTest([...findings, ...findings])).toEqual(findings)
  })
})
