import { describe, expect, it } from 'vitest'
import { judgeCategoricalDrift } from '../../../src/detectors/categorical-drift.ts'
import { compileCategorical } from '../../../src/detectors/compiled-distribution.ts'
import { finding } from '../../../src/events/finding.ts'
import type { CategoricalReference } from '../../../src/sketches/types.ts'
import { categoricalReference, categoricalWindow, OPTIONS } from '../../support/counted-samples.ts'

const carriers = categoricalReference(
  new Map([
    ['WN', 50_000],
    ['AA', 30_000],
    ['__proto__', 19_000],
    ['constructor', 1_000],
  ]),
)
const judge = (window: Record<string, number>, reference: CategoricalReference = carriers) =>
  judgeCategoricalDrift(
    'carrier',
    reference,
    compileCategorical(reference.counts.cells),
    categoricalWindow(reference, new Map(Object.entries(window))),
    1,
    OPTIONS,
  )

describe('judgeCategoricalDrift', () => {
  it('calls the same shares stable, and does not tell how likely they are', () => {
    expect(judge({ WN: 500, AA: 300, ['__proto__']: 190, constructor: 10 })).toMatchObject({
      detector: 'categorical-drift',
      subject: 'carrier',
      statistic: 'omnibus',
      verdict: 'stable',
      pValue: null,
      null: 'unknown',
      n: 1000,
      m: 100_000,
    })
  })

  it('calls moved shares drifted and names the category that moved most', () => {
    const one = judge({ WN: 250, AA: 300, ['__proto__']: 440, constructor: 10 })
    expect(one).toMatchObject({ verdict: 'drifted', threshold: 0.1, alpha: 1e-6 })
    expect(one.pValue).toBeLessThan(1e-6)
    expect(one.effectLower).toBeGreaterThan(0.1)
    // .25 ln 2 and .25 ln(.44 / .19).
    expect(one.value).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(0.44 / 0.19), 2)
    expect(one.measures!.map(({ statistic }) => statistic)).toEqual(['js', 'hellinger'])
    expect(finding.safeParse(one).success).toBe(true)
  })

  it('names categories whose names are no ordinary ones', () => {
    const one = judge({ WN: 490, AA: 300, ['__proto__']: 0, constructor: 210 })
    expect(one.message).toContain('"constructor" has 21.0 %, 1.0 % in the reference')
  })

  it('counts categories never seen before among the cells', () => {
    const one = judge({ WN: 350, AA: 210, ['__proto__']: 133, constructor: 7, XX: 200, YY: 100 })
    expect(one.verdict).toBe('drifted')
    expect(one.message).toContain('categories never seen before has 30.0 %, 0.0 % in the reference')
  })

  it('pools rare categories, so that a wide dictionary is no drift by itself', () => {
    const wide = categoricalReference(new Map(Array.from({ length: 250 }, (_, i) => [`c${i}`, 1000])))
    const window = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`c${i}`, i % 5 === 0 ? 4 : 0]))
    expect(['drifted', 'warning']).not.toContain(judge(window, wide).verdict)
  })

  it('is undecided on few values and on none', () => {
    for (const window of [{ AA: 199 }, {}]) {
      const one = judge(window)
      expect(one.verdict).toBe('undecided')
      expect(finding.safeParse(one).success).toBe(true)
    }
  })
})
