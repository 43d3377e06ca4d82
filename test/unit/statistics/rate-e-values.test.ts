import { describe, expect, it } from 'vitest'
import { lossAlternatives, writeLossEValues } from '../../../src/statistics/loss-e-values.ts'
import { rateAlternatives, writeRateEValues } from '../../../src/statistics/rate-e-values.ts'

/** Values in [0, 1] with their probabilities. */
type Law = readonly (readonly [value: number, probability: number])[]

function meanOf(law: Law): number {
  return law.reduce((sum, [value, probability]) => sum + value * probability, 0)
}

function expectedRateEValues(law: Law, baseline: number): number[] {
  const alternatives = rateAlternatives(baseline)
  const logs = new Float64Array(alternatives.tilts.length)
  const means = new Array<number>(logs.length).fill(0)
  for (const [value, probability] of law) {
    writeRateEValues(alternatives, value, 1, logs)
    for (const [j, log] of logs.entries()) means[j]! += probability * Math.exp(log)
  }
  return means
}

function expectedLossEValues(law: Law, baseline: number): number[] {
  const alternatives = lossAlternatives(baseline)
  const logs = new Float64Array(alternatives.stakes.length)
  const means = new Array<number>(logs.length).fill(0)
  for (const [value, probability] of law) {
    writeLossEValues(alternatives, value, value * value, 1, logs)
    for (const [j, log] of logs.entries()) means[j]! += probability * Math.exp(log)
  }
  return means
}

const LAWS: readonly Law[] = [
  [
    [0, 0.9],
    [1, 0.1],
  ],
  [
    [0, 0.2],
    [0.1, 0.5],
    [0.3, 0.2],
    [1, 0.1],
  ],
  [[0.25, 1]],
  [
    [0, 0.999],
    [1, 0.001],
  ],
]

describe('e-values of one value', () => {
  it.each(LAWS)('have a mean of at most 1 at the baseline and above it: law %#', (...law) => {
    for (const factor of [1, 1.2, 3]) {
      const baseline = Math.min(0.99, meanOf(law) * factor)
      for (const mean of [...expectedRateEValues(law, baseline), ...expectedLossEValues(law, baseline)]) {
        expect(mean).toBeLessThanOrEqual(1 + 1e-12)
      }
    }
  })

  it('waste nothing on 0/1 outcomes at the baseline', () => {
    for (const mean of expectedRateEValues(LAWS[0]!, 0.1)) expect(mean).toBeCloseTo(1, 12)
  })

  it('of a block are the product of those of its values', () => {
    const alternatives = lossAlternatives(0.2)
    const rates = rateAlternatives(0.2)
    const values = [0.1, 0.9, 0.3]
    const block = new Float64Array(4)
    const rateBlock = new Float64Array(5)
    writeLossEValues(alternatives, 1.3, 0.01 + 0.81 + 0.09, 3, block)
    writeRateEValues(rates, 1.3, 3, rateBlock)
    const single = new Float64Array(4)
    const rateSingle = new Float64Array(5)
    const sums = new Float64Array(4)
    const rateSums = new Float64Array(5)
    for (const value of values) {
      writeLossEValues(alternatives, value, value * value, 1, single)
      writeRateEValues(rates, value, 1, rateSingle)
      for (let j = 0; j < 4; j++) sums[j]! += single[j]!
      for (let j = 0; j < 5; j++) rateSums[j]! += rateSingle[j]!
    }
    for (let j = 0; j < 4; j++) expect(block[j]).toBeCloseTo(sums[j]!, 12)
    for (let j = 0; j < 5; j++) expect(rateBlock[j]).toBeCloseTo(rateSums[j]!, 12)
  })

  it('say nothing above a baseline of 1', () => {
    const logs = new Float64Array(5)
    writeRateEValues(rateAlternatives(1), 10, 10, logs)
    for (const log of logs) expect(log).toBeCloseTo(0, 12)
  })
})
