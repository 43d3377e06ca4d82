import { describe, expect, it } from 'vitest'
import { createRateScan, updateRateScan } from '../../../../src/detectors/sequential/rate-scan.ts'
import { createRandom } from '../../../../src/statistics/random.ts'
import { drawBinomial } from '../../../support/draw-binomial.ts'

const BUDGET = { falseAlarms: 0.5, looks: 100 }

describe('rate scan', () => {
  it('alarms no more often than budgeted, with a reference not larger than its windows', () => {
    const random = createRandom('scan')
    let alarms = 0
    const periods = 150
    for (let period = 0; period < periods; period++) {
      const reference = { errors: drawBinomial(3200, 0.1, random), n: 3200 }
      const scan = createRateScan(reference, 6, BUDGET)
      for (let look = 0; look < BUDGET.looks; look++) {
        const { drift } = updateRateScan(scan, drawBinomial(100, 0.1, random), 100)
        // Alarms one after the other are of one cause; every look counts for the budget all the same.
        if (drift) alarms++
      }
    }
    // 75 looks are allowed; they come in runs, so the bound is no tighter than this.
    expect(alarms).toBeLessThan(110)
  })

  it('finds a large rise at once and a small one in a long window', () => {
    const random = createRandom('windows')
    const delays = [0.3, 0.13].map((rate) => {
      const scan = createRateScan({ errors: 1000, n: 10_000 }, 6, BUDGET)
      for (let look = 0; look < 40; look++) updateRateScan(scan, drawBinomial(100, 0.1, random), 100)
      let delay = 0
      do delay++
      while (!updateRateScan(scan, drawBinomial(100, rate, random), 100).drift && delay < 1000)
      return { delay, windowPanes: scan.windowPanes }
    })
    expect(delays[0]).toEqual({ delay: 1, windowPanes: 1 })
    expect(delays[1]!.delay).toBeLessThan(60)
    expect(delays[1]!.windowPanes).toBeGreaterThan(1)
  })

  it('judges no window longer than what it saw, and forgets what left the longest', () => {
    const scan = createRateScan({ errors: 100, n: 1000 }, 3, BUDGET)
    updateRateScan(scan, 90, 100)
    expect(scan).toMatchObject({ windowPanes: 1, drift: true })
    for (let look = 0; look < 3; look++) updateRateScan(scan, 0, 100)
    expect(scan).toMatchObject({ windowPanes: 4, drift: true })
    updateRateScan(scan, 0, 100)
    expect(scan).toMatchObject({ pValue: 1, windowPanes: 0, drift: false, warning: false })
  })

  it('says nothing of panes or references without outcomes', () => {
    expect(updateRateScan(createRateScan({ errors: 0, n: 0 }, 3, BUDGET), 10, 10).pValue).toBe(1)
    expect(updateRateScan(createRateScan({ errors: 1, n: 10 }, 3, BUDGET), 0, 0).pValue).toBe(1)
  })
})
