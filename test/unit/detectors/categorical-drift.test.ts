import { describe, expect, it } from 'vitest'
import { judgeCategoricalDrift } from '../../../src/detectors/categorical-drift.ts'
import { finding } from '../../../src/events/finding.ts'
import { categoricalReference, categoricalWindow, findingBy, OPTIONS } from '../../support/counted-samples.ts'

const reference = categoricalReference(
  new Map([
    ['WN', 50_000],
    ['AA', 30_000],
    ['__proto__', 19_000],
    ['constructor', 1_000],
  ]),
)
const judge = (window: Record<string, number>) =>
  judgeCategoricalDrift(
    'carrier',
    reference,
    categoricalWindow(reference, new Map(Object.entries(window))),
    OPTIONS,
  )

describe('judgeCategoricalDrift', () => {
  it('calls the same shares stable', () => {
    const findings = judge({ WN: 500, AA: 300, ['__proto__']: 190, constructor: 10 })
    expect(findings.map(({ statistic, verdict }) => [statistic, verdict])).toEqual([
      ['psi', 'stable'],
      ['chi-square', 'stable'],
    ])
    for (const one of findings) expect(one.pValue).toBeGreaterThan(0.9)
  })

  it('calls moved shares drifted and names the category that moved most', () => {
    const findings = judge({ WN: 250, AA: 300, ['__proto__']: 440, constructor: 10 })
    for (const one of findings) {
      expect(one.verdict).toBe('drifted')
      expect(one.effectLower).toBeGreaterThan(0.1)
      expect(finding.safeParse(one).success).toBe(true)
    }
    // .25 ln 2 and .25 ln(.44 / .19).
    expect(findingBy(findings, 'psi').value).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(0.44 / 0.19), 2)
  })

  it('names categories whose names are no ordinary ones', () => {
    const [psi] = judge({ WN: 490, AA: 300, ['__proto__']: 0, constructor: 210 })
    expect(psi!.message).toContain('"constructor" has 21.0 %, 1.0 % in the reference')
  })

  it('counts categories never seen before among the cells', () => {
    const [psi] = judge({ WN: 350, AA: 210, ['__proto__']: 133, constructor: 7, XX: 200, YY: 100 })
    expect(psi).toMatchObject({ verdict: 'drifted' })
    expect(psi!.message).toContain('categories never seen before has 30.0 %, 0.0 % in the reference')
  })

  it('pools rare categories, so that a wide dictionary is no drift by itself', () => {
    const wide = categoricalReference(new Map(Array.from({ length: 250 }, (_, i) => [`c${i}`, 1000])))
    const window = new Map(Array.from({ length: 250 }, (_, i) => [`c${i}`, i % 5 === 0 ? 4 : 0]))
    const findings = judgeCategoricalDrift('airport', wide, categoricalWindow(wide, window), OPTIONS)
    expect(findings.map((one) => one.verdict)).toEqual(['stable', 'stable'])
  })

  it('is undecided on few values and on none', () => {
    for (const window of [{ AA: 199 }, {}]) {
      for (const one of judge(window)) {
        expect(one.verdict).toBe('undecided')
        expect(finding.safeParse(one).success).toBe(true)
      }
    }
  })
})
