import { expect, it } from 'vitest'
import { zigguratNormals } from '../../../bench/accuracy/draws/ziggurat.ts'
import { normalCdf, normalTwoSided } from '../../../src/statistics/normal.ts'
import { createRandom } from '../../../src/statistics/random.ts'

const N = 400_000
const normal = zigguratNormals(createRandom('ziggurat'))
const values = Float64Array.from({ length: N }, normal).sort()

it('draws values of the normal law', () => {
  let distance = 0
  values.forEach((value, rank) => {
    const p = normalCdf(value)
    distance = Math.max(distance, p - rank / N, (rank + 1) / N - p)
  })
  // Kolmogorov's law: 1.95 is passed once in a thousand times.
  expect(distance * Math.sqrt(N)).toBeLessThan(1.95)
})

it('has the tail beyond its lowest strip', () => {
  for (const z of [3, 3.442619855899, 3.8, 4.2]) {
    const expected = N * normalTwoSided(z)
    const seen = values.filter((value) => Math.abs(value) > z).length
    expect(Math.abs(seen - expected)).toBeLessThan(4 * Math.sqrt(expected))
  }
})

it('has the moments, and neighbours that do not hang together', () => {
  const draws = Float64Array.from({ length: N }, normal)
  const mean = (of: (value: number, at: number) => number): number =>
    draws.map(of).reduce((a, b) => a + b) / N
  expect(Math.abs(mean((z) => z))).toBeLessThan(4 / Math.sqrt(N))
  expect(Math.abs(mean((z) => z * z) - 1)).toBeLessThan(4 * Math.sqrt(2 / N))
  expect(Math.abs(mean((z) => z ** 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / N))
  expect(Math.abs(mean((z, at) => z * (draws[at + 1] ?? 0)))).toBeLessThan(4 / Math.sqrt(N))
  expect(Math.abs(mean((z, at) => (z * z - 1) * ((draws[at + 1] ?? 1) ** 2 - 1)))).toBeLessThan(
    8 / Math.sqrt(N),
  )
})
