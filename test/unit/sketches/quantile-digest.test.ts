import { afterEach, describe, expect, it, vi } from 'vitest'
import { createQuantileDigest } from '../../../src/sketches/quantile-digest.ts'
import { seededNormal } from '../../support/sketch-samples.ts'

const QUANTILES = Array.from({ length: 201 }, (_, i) => i / 200)

function quantilesOf(values: Iterable<number>): number[] {
  const digest = createQuantileDigest()
  for (const x of values) digest.push(x)
  return QUANTILES.map((q) => digest.quantile(q))
}

function* rising(length: number): Generator<number> {
  for (let i = 0; i < length; i++) yield i
}

describe('createQuantileDigest', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('draws no randomness: the same values in the same order give the same quantiles', () => {
    const random = vi.spyOn(Math, 'random')
    // Rising values compress often: here about fifteen times.
    expect(quantilesOf(rising(40_000))).toEqual(quantilesOf(rising(40_000)))
    expect(random).not.toHaveBeenCalled()
  })

  it('stays bounded in size whatever the order', () => {
    const normal = seededNormal(1)
    for (const next of [
      (i: number) => i,
      (i: number) => -i,
      (i: number) => (i % 2 === 0 ? i : -i),
      () => normal(),
    ]) {
      const digest = createQuantileDigest()
      let largest = 0
      for (let i = 0; i < 30_000; i++) {
        digest.push(next(i))
        largest = Math.max(largest, digest.size)
      }
      expect(largest).toBeLessThan(7500)
    }
  })

  it('is near the true quantiles', () => {
    const normal = seededNormal(2)
    const values = Array.from({ length: 50_000 }, normal)
    const sorted = Float64Array.from(values).sort()
    quantilesOf(values).forEach((estimate, at) => {
      const below = sorted.filter((x) => x <= estimate).length
      expect(Math.abs(below / sorted.length - QUANTILES[at]!)).toBeLessThan(0.001)
    })
  })

  it('weighs values', () => {
    const digest = createQuantileDigest()
    digest.push(1, 99)
    digest.push(2)
    expect(digest.quantile(0.4)).toBe(1)
  })

  it('has NaN for quantiles of nothing, and ignores what is not finite', () => {
    const digest = createQuantileDigest()
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) digest.push(x)
    expect(digest.quantile(0.5)).toBeNaN()
    expect(digest.size).toBe(0)
  })

  it('survives weighted distances between the largest doubles', () => {
    const digest = createQuantileDigest()
    for (const x of [-Number.MAX_VALUE, Number.MAX_VALUE]) digest.push(x, 500_000)
    digest.push(0)
    expect(digest.quantile(0.5)).toBe(0)
    // Joins the centroid at 0, which moves by 1e307 times 100 over 101: the product alone overflows.
    digest.push(1e307, 100)
    expect(digest.size).toBe(3)
    expect(digest.quantile(0.5) / 1e307).toBeCloseTo(100 / 101, 9)
  })
})
