import { describe, expect, it } from 'vitest'
import {
  GATE_DEFAULTS,
  RETRAINING_DEFAULTS,
  type RetrainingOptions,
} from '../../../src/retraining/options.ts'
import type { Pair } from '../../../src/retraining/pair.ts'
import { SEGMENTS_MAX, segmentGates } from '../../../src/retraining/segment-gates.ts'
import { createRandom } from '../../../src/statistics/random.ts'

const PROBLEM = { task: 'binary', positiveLabel: '1' } as const

function pairs(segment: string | null, n: number, challengerNoise: number): Pair[] {
  const random = createRandom(`${segment}`)
  return Array.from({ length: n }, () => {
    const p = 0.1 + 0.8 * random()
    const label = Number(random() < p)
    const said = (noise: number) => {
      const score = Math.min(0.99, Math.max(0.01, p + noise * (random() - 0.5)))
      return { label, outcome: { prediction: Math.round(score), score } }
    }
    return { champion: said(0.1), challenger: said(challengerNoise), segment }
  })
}

const options = (gates: Partial<RetrainingOptions['gates']> = {}): RetrainingOptions => ({
  ...RETRAINING_DEFAULTS,
  gates: { ...GATE_DEFAULTS, ...gates },
})

const judged = (all: readonly Pair[], gates: Partial<RetrainingOptions['gates']> = {}) =>
  segmentGates(all, PROBLEM, options(gates), 'seed').map(({ gate, passed, n }) => ({ gate, passed, n }))

describe('segmentGates', () => {
  it('are none where no event names a segment', () => {
    expect(judged(pairs(null, 1000, 0.1))).toEqual([])
  })

  it('shut for the segment that is shown to lose, and for it alone', () => {
    const all = [...pairs('__proto__', 600, 1.6), ...pairs('north', 900, 0.1), ...pairs('tiny', 40, 1.6)]
    expect(judged(all)).toEqual([
      { gate: 'log-loss difference, segment north', passed: true, n: 900 },
      { gate: 'log-loss difference, segment __proto__', passed: false, n: 600 },
    ])
  })

  it('with a limit each must surely lose no more: an equal one of few rows cannot show it', () => {
    const all = [...pairs('north', 2000, 0.1), ...pairs('south', 210, 0.5)]
    expect(judged(all, { segmentLossMax: 0.02 })).toEqual([
      { gate: 'log-loss difference, segment north', passed: true, n: 2000 },
      { gate: 'log-loss difference, segment south', passed: false, n: 210 },
    ])
  })

  it('judge small ones and those beyond the largest together', () => {
    const many = Array.from({ length: SEGMENTS_MAX + 2 }, (_, index) =>
      pairs(`s${String(index).padStart(2, '0')}`, 220 - index, 0.1),
    ).flat()
    const gates = judged(many, { segmentMin: 100 })
    expect(gates).toHaveLength(SEGMENTS_MAX + 1)
    expect(gates.at(-1)).toEqual({ gate: 'log-loss difference, the other segments', passed: true, n: 399 })
  })
})
