import { describe, expect, it } from 'vitest'
import { hash32 } from '../../../../examples/flights/hash.ts'
import { fitLogisticRegression, logistic } from '../../../../examples/flights/logistic-regression.ts'

const options = { epochs: 4, learningRate: 0.1, startingSquares: 1, seed: 7 }

/** Rows of a bias and one of three groups, labelled by chance with the probability of the group. */
function rowsOf(probabilities: readonly number[], length: number) {
  const slots = new Int32Array(2 * length)
  const labels = new Uint8Array(length)
  for (let row = 0; row < length; row++) {
    const group = row % probabilities.length
    slots.set([0, 1 + group], 2 * row)
    labels[row] = hash32(row + 1) / 2 ** 32 < probabilities[group]! ? 1 : 0
  }
  return { length, width: 2, slots, labels }
}

describe('logistic regression', () => {
  it('finds the probabilities the labels were drawn with', () => {
    const probabilities = [0.1, 0.5, 0.8]
    const weights = fitLogisticRegression(rowsOf(probabilities, 60_000), 4, options)
    probabilities.forEach((probability, group) => {
      expect(logistic(weights[0]! + weights[1 + group]!)).toBeCloseTo(probability, 1)
      expect(Math.abs(logistic(weights[0]! + weights[1 + group]!) - probability)).toBeLessThan(0.02)
    })
  })

  it('gives the same weights for the same seed, and others for another', () => {
    const rows = rowsOf([0.2, 0.4], 500)
    expect(fitLogisticRegression(rows, 3, options)).toEqual(fitLogisticRegression(rows, 3, options))
    expect(fitLogisticRegression(rows, 3, { ...options, seed: 8 })).not.toEqual(
      fitLogisticRegression(rows, 3, options),
    )
  })

  it('passes over absent slots and leaves weights nobody touched at 0', () => {
    const rows = { length: 2, width: 2, slots: Int32Array.of(0, -1, 0, -1), labels: Uint8Array.of(1, 1) }
    const weights = fitLogisticRegression(rows, 3, options)
    expect(weights[0]).toBeGreaterThan(0)
    expect([...weights.subarray(1)]).toEqual([0, 0])
  })

  it('knows nothing without rows', () => {
    const rows = { length: 0, width: 2, slots: new Int32Array(), labels: new Uint8Array() }
    expect([...fitLogisticRegression(rows, 2, options)]).toEqual([0, 0])
  })
})
