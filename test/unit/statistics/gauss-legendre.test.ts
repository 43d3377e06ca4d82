import { describe, expect, it } from 'vitest'
import { gaussLegendre } from '../../../src/statistics/gauss-legendre.ts'

describe('gaussLegendre', () => {
  it.each([1, 2, 5, 24, 200])('integrates polynomials of degree 2 count - 1 exactly: %i nodes', (count) => {
    const degree = Math.min(2 * count - 1, 9)
    const { nodes, weights } = gaussLegendre(count, 0, 2)
    let integral = 0
    for (let i = 0; i < count; i++) integral += weights[i]! * nodes[i]! ** degree
    expect(integral / (2 ** (degree + 1) / (degree + 1))).toBeCloseTo(1, 12)
  })

  it('has its nodes in order inside the interval', () => {
    const { nodes } = gaussLegendre(50, -3, 5)
    expect([...nodes]).toEqual([...nodes].sort((a, b) => a - b))
    expect(nodes[0]).toBeGreaterThan(-3)
    expect(nodes[49]).toBeLessThan(5)
  })
})
