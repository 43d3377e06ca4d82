import type { Row } from '../streams/row.ts'
import type { Model } from './naive-bayes.ts'

const EPOCHS = 20
/** What rounding leaves of the spread of a constant, as a share of it. */
const ROUNDED = 1e-9

/**
 * A logistic regression of two classes on standardised features, by stochastic gradient descent with a step
 * of its own for every weight (Adagrad), rows in their order.
 */
export function fitLogistic(rows: readonly Row[]): Model {
  const features = rows[0]!.x.length
  const mean = new Float64Array(features)
  const sd = new Float64Array(features)
  for (const { x } of rows) for (let i = 0; i < features; i++) mean[i]! += x[i]! / rows.length
  for (const { x } of rows) for (let i = 0; i < features; i++) sd[i]! += (x[i]! - mean[i]!) ** 2 / rows.length
  for (let i = 0; i < features; i++) sd[i] = spreadOf(Math.sqrt(sd[i]!), mean[i]!)
  const weights = new Float64Array(features + 1)
  const squares = new Float64Array(features + 1).fill(1e-6)
  const inputs = new Float64Array(features + 1)
  const probability = (x: Float64Array): number => {
    let z = 0
    for (let i = 0; i < features; i++) {
      inputs[i] = (x[i]! - mean[i]!) / sd[i]!
      z += weights[i]! * inputs[i]!
    }
    inputs[features] = 1
    return 1 / (1 + Math.exp(-z - weights[features]!))
  }
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const { x, y } of rows) {
      const error = probability(x) - y
      for (let i = 0; i <= features; i++) {
        const gradient = error * inputs[i]!
        squares[i]! += gradient * gradient
        weights[i]! -= (0.1 * gradient) / Math.sqrt(squares[i]!)
      }
    }
  }
  return (x) => {
    const p = probability(x)
    return Float64Array.of(1 - p, p)
  }
}

/** A constant feature has no spread to be measured in, nor has one that rounding alone has moved. */
function spreadOf(sd: number, mean: number): number {
  return sd > ROUNDED * Math.abs(mean) ? sd : 1
}
