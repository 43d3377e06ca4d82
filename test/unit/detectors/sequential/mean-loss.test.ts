import { describe, expect, it } from 'vitest'
import {
  createMeanLossDetector,
  type LossSums,
  updateMeanLoss,
} from '../../../../src/detectors/sequential/mean-loss.ts'
import { createRandom, type Random } from '../../../../src/statistics/random.ts'

const BUDGET = { falseAlarms: 0.5, looks: 200 }
const PANE = 100

/** Losses that hardly vary: m to m + 0.1 times `lossMax`; and losses of a confident model, mostly near 0. */
const DRAWS = {
  even: (mean: number, random: Random) => mean - 0.05 + 0.1 * random(),
  skewed: (mean: number, random: Random) => random() ** (1 / mean - 1),
}

function drawLosses(
  draw: (mean: number, random: Random) => number,
  mean: number,
  n: number,
  lossMax: number,
  random: Random,
): LossSums {
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const loss = lossMax * draw(mean, random)
    sum += loss
    squares += loss * loss
  }
  return { sum, squares, n }
}

describe('mean loss detector', () => {
  it.each(['even', 'skewed'] as const)(
    'alarms in at most the budgeted share of periods: %s losses',
    (kind) => {
      const random = createRandom(`losses ${kind}`)
      const periods = 60
      let withAlarm = 0
      for (let period = 0; period < periods; period++) {
        const detector = createMeanLossDetector(drawLosses(DRAWS[kind], 0.2, 2000, 4, random), 4, BUDGET)
        let alarmed = false
        for (let look = 0; look < BUDGET.looks; look++) {
          alarmed ||= updateMeanLoss(detector, drawLosses(DRAWS[kind], 0.2, PANE, 4, random)).drift
        }
        if (alarmed) withAlarm++
      }
      expect(withAlarm / periods).toBeLessThan(0.5)
    },
  )

  it.each([
    ['even', 0.22, 15],
    ['even', 0.25, 3],
    ['skewed', 0.25, 30],
    ['skewed', 0.4, 3],
  ] as const)('finds a rise of %s losses from 0.2 to %d within %i panes', (kind, mean, panes) => {
    const random = createRandom(`rise ${kind} ${mean}`)
    const detector = createMeanLossDetector(drawLosses(DRAWS[kind], 0.2, 20_000, 1, random), 1, BUDGET)
    for (let look = 0; look < 20; look++) {
      expect(updateMeanLoss(detector, drawLosses(DRAWS[kind], 0.2, PANE, 1, random)).drift).toBe(false)
    }
    let delay = 0
    do delay++
    while (!updateMeanLoss(detector, drawLosses(DRAWS[kind], mean, PANE, 1, random)).drift && delay < 1000)
    expect(delay).toBeLessThanOrEqual(panes)
  })

  it('is the same on any scale of the loss', () => {
    const small = createMeanLossDetector({ sum: 200, squares: 80, n: 1000 }, 1, BUDGET)
    const large = createMeanLossDetector({ sum: 2000, squares: 8000, n: 1000 }, 10, BUDGET)
    updateMeanLoss(small, { sum: 40, squares: 20, n: 100 })
    updateMeanLoss(large, { sum: 400, squares: 2000, n: 100 })
    expect(large.logEvidence).toBeCloseTo(small.logEvidence, 9)
  })
})
