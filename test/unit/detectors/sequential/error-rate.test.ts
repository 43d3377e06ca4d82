import { describe, expect, it } from 'vitest'
import { createErrorRateDetector, updateErrorRate } from '../../../../src/detectors/sequential/error-rate.ts'
import { restart } from '../../../../src/detectors/sequential/rise-evidence.ts'
import { createRandom, type Random } from '../../../../src/statistics/random.ts'
import { drawBinomial } from '../../../support/draw-binomial.ts'

const BUDGET = { falseAlarms: 0.5, looks: 200 }
const PANE = 100

/** False alarms in one period, with a reference drawn for it. */
function falseAlarms(rate: number, m: number, random: Random): number {
  const detector = createErrorRateDetector({ errors: drawBinomial(m, rate, random), n: m }, BUDGET)
  let alarms = 0
  for (let look = 0; look < BUDGET.looks; look++) {
    if (!updateErrorRate(detector, drawBinomial(PANE, rate, random), PANE).drift) continue
    alarms++
    restart(detector)
  }
  return alarms
}

function panesUntilAlarm(rate: number, seed: string): number {
  const random = createRandom(seed)
  const detector = createErrorRateDetector({ errors: 1000, n: 10_000 }, BUDGET)
  for (let look = 0; look < 50; look++) updateErrorRate(detector, drawBinomial(PANE, 0.1, random), PANE)
  for (let look = 1; look <= BUDGET.looks; look++) {
    if (updateErrorRate(detector, drawBinomial(PANE, rate, random), PANE).drift) return look
  }
  return Infinity
}

describe('error rate detector', () => {
  it.each([
    [0.1, 500],
    [0.1, 20_000],
    [0.5, 2000],
    [0.004, 2000],
  ])('alarms in at most the budgeted share of periods: rate %d, %i reference outcomes', (rate, m) => {
    const random = createRandom(`false alarms ${rate} ${m}`)
    const periods = 600
    let withAlarm = 0
    for (let period = 0; period < periods; period++) if (falseAlarms(rate, m, random) > 0) withAlarm++
    // Half of the periods are allowed; a fifth is what the guarantee's slack leaves.
    expect(withAlarm / periods).toBeLessThan(0.3)
  })

  it('finds a rise, the larger the sooner', () => {
    const delays = [0.13, 0.15, 0.2, 0.4].map((rate) => panesUntilAlarm(rate, 'rise'))
    expect(delays).toEqual([...delays].sort((a, b) => b - a))
    expect(delays[0]).toBeLessThan(60)
    expect(delays[3]).toBe(1)
  })

  it('does not see a rise below the bound of its reference', () => {
    expect(panesUntilAlarm(0.104, 'hidden')).toBe(Infinity)
  })

  it('ends by itself, and forgets when told to', () => {
    const detector = createErrorRateDetector({ errors: 1000, n: 10_000 }, BUDGET)
    for (let look = 0; look < 5; look++) updateErrorRate(detector, 30, PANE)
    expect(detector.drift).toBe(true)
    for (let look = 0; look < 40; look++) updateErrorRate(detector, 8, PANE)
    expect(detector.drift).toBe(false)
    updateErrorRate(detector, 60, PANE)
    restart(detector)
    expect([detector.logEvidence, detector.drift, detector.warning]).toEqual([-Infinity, false, false])
  })

  it('warns before it alarms', () => {
    const detector = createErrorRateDetector({ errors: 1000, n: 10_000 }, { falseAlarms: 0.5, looks: 1e6 })
    const said: string[] = []
    for (let look = 0; look < 12; look++) {
      const { warning, drift } = updateErrorRate(detector, 20, PANE)
      said.push(drift ? 'drift' : warning ? 'warning' : 'quiet')
    }
    expect([...new Set(said)]).toEqual(['quiet', 'warning', 'drift'])
  })

  it('takes panes of any size, also empty ones', () => {
    const detector = createErrorRateDetector({ errors: 1000, n: 10_000 }, BUDGET)
    updateErrorRate(detector, 0, 0)
    expect(detector.logEvidence).toBeCloseTo(0, 9)
    updateErrorRate(detector, 9_000_000, 10_000_000)
    expect(detector.logEvidence).toBeGreaterThan(1e6)
    expect(detector.logEvidence).toBeLessThan(Infinity)
  })

  it('without a reference sees nothing, and refuses a budget of nothing', () => {
    const detector = createErrorRateDetector({ errors: 0, n: 0 }, BUDGET)
    expect(updateErrorRate(detector, 100, 100).drift).toBe(false)
    expect(() => createErrorRateDetector({ errors: 1, n: 2 }, { falseAlarms: 0, looks: 10 })).toThrow(
      'above 0',
    )
  })
})
