import { describe, expect, it } from 'vitest'
import { comparisonGate } from '../../src/retraining/comparison.ts'
import type { Metric } from '../../src/retraining/metric.ts'
import type { Pair } from '../../src/retraining/pair.ts'
import { createRandom } from '../../src/statistics/random.ts'
import { autoregressive } from '../support/autoregressive.ts'

const ROWS = 720
const WORLDS = 200

/**
 * Two versions that are as good as one another, each wrong in its own stretches: what is said of the label's
 * class is moved by an error that lasts as long as `memory` says.
 */
function equals(memory: number, run: number): Pair[] {
  const random = createRandom(`equals ${memory} ${run}`)
  const [was, is] = [autoregressive(ROWS, memory, random), autoregressive(ROWS, memory, random)]
  return Array.from({ length: ROWS }, (_, row) => {
    const label = Number(random() < 0.5)
    const said = (error: number) => {
      const right = 1 / (1 + Math.exp(-0.8 - error))
      const score = label === 1 ? right : 1 - right
      return { label, outcome: { prediction: Number(score >= 0.5), score } }
    }
    return { champion: said(was[row]!), challenger: said(is[row]!), segment: null }
  })
}

function promotedOf(memory: number, metric: Metric, draws: 'rows' | 'blocks' = 'blocks'): number {
  let promoted = 0
  for (let run = 0; run < WORLDS; run++) {
    const { passed } = comparisonGate(equals(memory, run), {
      task: 'binary',
      positiveLabel: '1',
      gate: 'difference',
      metric,
      demand: { kind: 'better', improvementMin: 0 },
      confidence: 0.95,
      repeats: 199,
      draws,
      seed: `run ${run}`,
      rows: 'rows',
    })
    promoted += Number(passed)
  }
  return promoted
}

describe('of candidates no better than the champion', () => {
  // 5 of 200 are meant to.
  it.each(['logLoss', 'auc', 'accuracy'] as const)(
    'few pass by chance where rows are independent: %s',
    (metric) => {
      expect(promotedOf(0, metric)).toBeLessThanOrEqual(13)
    },
    60_000,
  )

  it.each([
    [0.6, 'logLoss'],
    [0.9, 'logLoss'],
    [0.9, 'auc'],
    [0.9, 'brier'],
  ] as const)(
    'few pass where errors last (%f, %s)',
    (memory, metric) => {
      expect(promotedOf(memory, metric)).toBeLessThanOrEqual(20)
    },
    60_000,
  )

  it('drawn row by row, many pass where errors last', () => {
    expect(promotedOf(0.6, 'logLoss', 'rows')).toBe(31)
    expect(promotedOf(0.9, 'logLoss', 'rows')).toBe(67)
  }, 60_000)
})
