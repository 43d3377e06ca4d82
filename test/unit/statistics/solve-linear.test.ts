import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/statistics/random.ts'
import { solveLinear } from '../../../src/statistics/solve-linear.ts'

describe('solveLinear', () => {
  it('finds what was multiplied', () => {
    const random = createRandom('solve')
    const size = 40
    const matrix = Float64Array.from({ length: size * size }, () => random() - 0.5)
    const solution = Float64Array.from({ length: size }, () => random())
    const right = Float64Array.from({ length: size }, (_, row) =>
      solution.reduce((sum, x, column) => sum + matrix[row * size + column]! * x, 0),
    )
    const found = solveLinear(matrix.slice(), right)
    for (let i = 0; i < size; i++) expect(found[i]).toBeCloseTo(solution[i]!, 9)
  })

  it('exchanges rows where a pivot is 0', () => {
    expect([...solveLinear(Float64Array.of(0, 2, 3, 0), Float64Array.of(4, 9))]).toEqual([3, 2])
  })

  it('refuses a singular matrix', () => {
    expect(() => solveLinear(Float64Array.of(1, 2, 2, 4), Float64Array.of(1, 2))).toThrow('independent')
  })
})
