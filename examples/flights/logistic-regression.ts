import { hash32 } from './hash.ts'

/**
 * Training rows of a sparse logistic regression: every row switches on at most `width` weights.
 * `slots[r * width + k]` is the index of a weight, or -1 for none. `labels[r]` is 1 or 0.
 */
export interface SparseRows {
  readonly length: number
  readonly width: number
  readonly slots: Int32Array
  readonly labels: Uint8Array
}

export interface FitOptions {
  readonly epochs: number
  readonly learningRate: number
  /** Sum of squared gradients each weight starts with: the larger, the less a rare weight moves. */
  readonly startingSquares: number
  /** The same rows and the same seed give the same weights. */
  readonly seed: number
}

/** 1 / (1 + e^-z) */
export function logistic(z: number): number {
  return 1 / (1 + Math.exp(-z))
}

/**
 * Weights of a logistic regression by stochastic gradient descent with a step size of its own for every
 * weight. No rows: all weights 0. Source: Adagrad, diagonal form (Duchi, Hazan, Singer 2011).
 */
export function fitLogisticRegression(
  rows: SparseRows,
  weightCount: number,
  options: FitOptions,
): Float64Array {
  const { length, width, slots, labels } = rows
  const weights = new Float64Array(weightCount)
  const squares = new Float64Array(weightCount).fill(options.startingSquares)
  const order = Uint32Array.from({ length }, (_, row) => row)
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, options.seed + epoch)
    for (let k = 0; k < length; k++) {
      const row = order[k]!
      const from = row * width
      let z = 0
      for (let j = from; j < from + width; j++) {
        const slot = slots[j]!
        if (slot >= 0) z += weights[slot]!
      }
      // Every input is 1 or 0, so the gradient is the same for all weights of the row.
      const gradient = logistic(z) - labels[row]!
      const square = gradient * gradient
      for (let j = from; j < from + width; j++) {
        const slot = slots[j]!
        if (slot < 0) continue
        squares[slot]! += square
        weights[slot]! -= (options.learningRate * gradient) / Math.sqrt(squares[slot]!)
      }
    }
  }
  return weights
}

/** Fisher–Yates in place, drawn from a counter instead of a generator with hidden state. */
function shuffle(order: Uint32Array, seed: number): void {
  const salt = hash32(seed)
  for (let i = order.length - 1; i > 0; i--) {
    const j = hash32(salt + i) % (i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
}
