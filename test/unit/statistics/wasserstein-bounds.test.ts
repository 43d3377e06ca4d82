import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { wassersteinBounds } from '../../../src/statistics/wasserstein-bounds.ts'

const EDGES = Float64Array.from({ length: 127 }, (_, edge) => -4 + (8 * (edge + 0.5)) / 127)
const CONFIDENCE = 0.99

function normals(random: Random, n: number, of: (z: number) => number): Float64Array {
  return Float64Array.from({ length: n }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    return of(radius * Math.cos(2 * Math.PI * random()))
  })
}

function counted(values: Float64Array): { counts: Float64Array; min: number; max: number } {
  const counts = new Float64Array(EDGES.length + 1)
  for (const value of values) counts[Math.min(127, Math.max(0, Math.ceil(((value + 4) / 8) * 127 - 0.5)))]!++
  return {
    counts,
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
  }
}

function boundsOf(random: Random, n: number, m: number, change: (z: number) => number) {
  const window = counted(normals(random, n, change))
  const reference = counted(normals(random, m, (z) => z))
  const range = { min: Math.min(window.min, reference.min), max: Math.max(window.max, reference.max) }
  return wassersteinBounds(window.counts, reference.counts, EDGES, range, CONFIDENCE)
}

describe('wassersteinBounds', () => {
  const changes: readonly (readonly [string, number, (z: number) => number])[] = [
    ['nothing', 0, (z) => z],
    ['a shift by 0.2', 0.2, (z) => z + 0.2],
    // E|Z| (1.5 - 1).
    ['a spread of 1.5', 0.5 * Math.sqrt(2 / Math.PI), (z) => 1.5 * z],
  ]

  it.each(changes)('lie around the distance of %s in 99 of 100 windows', (_, truth, change) => {
    const random = createRandom(`wasserstein ${truth}`)
    let above = 0
    let below = 0
    const rounds = 600
    for (let round = 0; round < rounds; round++) {
      const { lower, upper } = boundsOf(random, 400, 4000, change)
      if (lower > truth) above++
      if (upper < truth) below++
    }
    // 6 expected at most; more than 15 of 600 come once in a thousand at a rate of 1 %.
    expect(above).toBeLessThanOrEqual(15)
    expect(below).toBeLessThanOrEqual(15)
  })

  it('sees a shift by its means, and a far minority by its bands', () => {
    const random = createRandom('seen')
    const shift = boundsOf(random, 2000, 20_000, (z) => z + 0.3)
    expect(shift.lower).toBeGreaterThan(0.15)
    expect(shift.lower).toBeLessThan(0.3)
    // Half of the values three lower and half three higher: the means stay where they are.
    const apart = boundsOf(random, 2000, 20_000, (z) => (z > 0 ? z + 3 : z - 3))
    expect(apart.lower).toBeGreaterThan(1)
    expect(apart.lower).toBeLessThan(3)
  })

  it('knows nothing of nothing, and less where rows hang together', () => {
    const none = new Float64Array(EDGES.length + 1)
    const range = { min: -4, max: 4 }
    const all = none.map(() => 20)
    expect(wassersteinBounds(none, all, EDGES, range, CONFIDENCE)).toEqual({ lower: 0, upper: Infinity })
    const moved = all.map((count, bin) => (bin < 64 ? 0 : 2 * count))
    const whole = wassersteinBounds(moved, all, EDGES, range, CONFIDENCE)
    const half = wassersteinBounds(moved, all, EDGES, range, CONFIDENCE, 0.1)
    expect(half.lower).toBeLessThan(whole.lower)
    expect(half.upper).toBeGreaterThan(whole.upper)
    expect(wassersteinBounds([3, 4], [4, 3], [0], range, CONFIDENCE).lower).toBe(0)
  })
})
