import { DriftstreamError } from '../errors/driftstream-error.ts'

/**
 * x with matrix x = right, for some hundreds of unknowns at most: the time grows with their cube.
 *
 * `matrix` holds rows one after the other and is destroyed, as `right` is.
 * Source: Gaussian elimination with partial pivoting.
 * @throws STATE_IMPOSSIBLE when the matrix is singular
 */
export function solveLinear(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row * size + column]!) > Math.abs(matrix[pivot * size + column]!)) pivot = row
    }
    if (matrix[pivot * size + column] === 0) {
      throw new DriftstreamError(
        'STATE_IMPOSSIBLE',
        `expected independent rows, got none for unknown ${column}`,
      )
    }
    if (pivot !== column) swapRows(matrix, right, pivot, column)
    for (let row = column + 1; row < size; row++) {
      const factor = matrix[row * size + column]! / matrix[column * size + column]!
      if (factor === 0) continue
      for (let k = column; k < size; k++) matrix[row * size + k]! -= factor * matrix[column * size + k]!
      right[row]! -= factor * right[column]!
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    let rest = right[row]!
    for (let k = row + 1; k < size; k++) rest -= matrix[row * size + k]! * right[k]!
    right[row] = rest / matrix[row * size + row]!
  }
  return right
}

function swapRows(matrix: Float64Array, right: Float64Array, a: number, b: number): void {
  const size = right.length
  for (let k = 0; k < size; k++) {
    const value = matrix[a * size + k]!
    matrix[a * size + k] = matrix[b * size + k]!
    matrix[b * size + k] = value
  }
  const value = right[a]!
  right[a] = right[b]!
  right[b] = value
}
