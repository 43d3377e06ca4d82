import { describe, expect, it } from 'vitest'
import { visitScattered } from '../../../src/sketches/scattered-order.ts'

describe('visitScattered', () => {
  it.each([0, 1, 2, 3, 8, 13, 100, 5001])(
    'visits each of %d items once, never two neighbours in a row',
    (length) => {
      const visited: number[] = []
      visitScattered(
        Array.from({ length }, (_, i) => i),
        (item) => visited.push(item),
      )
      expect(visited.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i))
      const neighbours = visited.filter((item, at) => at > 0 && Math.abs(item - visited[at - 1]!) === 1)
      if (length > 10) expect(neighbours).toEqual([])
    },
  )
})
