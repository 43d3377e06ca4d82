import { describe, expect, it } from 'vitest'
import {
  createCusumChart,
  createEwmaChart,
  createShewhartChart,
  updateCusum,
  updateEwma,
  updateShewhart,
} from '../../../../src/detectors/sequential/charts.ts'
import { normalQuantile } from '../../../../src/statistics/normal.ts'
import { createRandom } from '../../../../src/statistics/random.ts'

const TARGET = { mean: 5, sd: 2 }
const RUN_LENGTH = 100

const CHARTS = {
  shewhart: () => {
    const state = createShewhartChart(TARGET, RUN_LENGTH)
    return (value: number) => updateShewhart(state, value)
  },
  ewma: () => {
    const state = createEwmaChart(TARGET, RUN_LENGTH)
    return (value: number) => updateEwma(state, value)
  },
  cusum: () => {
    const state = createCusumChart(TARGET, RUN_LENGTH)
    return (value: number) => updateCusum(state, value)
  },
}

describe.each(['shewhart', 'ewma', 'cusum'] as const)('%s', (name) => {
  it('has the run length it was designed for', () => {
    const random = createRandom(`chart ${name}`)
    let values = 0
    const runs = 400
    const update = CHARTS[name]()
    for (let run = 0; run < runs; run++) {
      do values++
      while (!update(TARGET.mean + TARGET.sd * normalQuantile(random() || 0.5)).drift)
    }
    // The mean of 400 run lengths, each about as variable as long: three standard errors are 15 %.
    expect(Math.abs(values / runs / RUN_LENGTH - 1)).toBeLessThan(0.15)
  })

  it('sees both directions', () => {
    for (const value of [TARGET.mean - 12, TARGET.mean + 12]) {
      const update = CHARTS[name]()
      const said = Array.from({ length: 5 }, () => update(value).drift)
      expect(said).toContain(true)
    }
  })

  it('warns near its limit', () => {
    const update = CHARTS[name]()
    const said = Array.from({ length: 60 }, (_, i) => {
      const { warning, drift } = update(TARGET.mean + i * 0.11)
      return drift ? 'drift' : warning ? 'warning' : 'quiet'
    })
    expect([...new Set(said)].slice(0, 3)).toEqual(['quiet', 'warning', 'drift'])
  })
})

describe('limits', () => {
  it.each([
    [370, 3.0],
    [500, 3.09],
    [2160, 3.501],
    [43_200, 4.232],
  ])("Shewhart's, once in %i values: %d", (runLength, limit) => {
    expect(Math.abs(createShewhartChart(TARGET, runLength).limit - limit)).toBeLessThan(0.001)
  })
})

describe('after an alarm', () => {
  it('charts with a memory start anew', () => {
    const cusum = createCusumChart(TARGET, RUN_LENGTH)
    const ewma = createEwmaChart(TARGET, RUN_LENGTH)
    expect([updateCusum(cusum, 50).drift, updateCusum(cusum, 5).drift]).toEqual([true, false])
    expect([updateEwma(ewma, 50).drift, updateEwma(ewma, 5).drift]).toEqual([true, false])
  })
})
