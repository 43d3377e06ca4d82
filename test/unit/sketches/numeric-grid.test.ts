import { describe, expect, it } from 'vitest'
import { nextUp } from '../../../src/sketches/next-up.ts'
import { binOf, cutGrid } from '../../../src/sketches/numeric-grid.ts'
import { seededNormal, seededUniform } from '../../support/sketch-samples.ts'

/** Share of the sample in each bin. */
function masses(edges: Float64Array, sample: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0)
  for (const x of sample) counts[binOf(edges, x)]!++
  return counts.map((count) => count / sample.length)
}

function expectRising(edges: Float64Array): void {
  expect([...edges].every((edge, at) => Number.isFinite(edge) && (at === 0 || edge > edges[at - 1]!))).toBe(
    true,
  )
}

describe('cutGrid', () => {
  it('gives every one of few values a bin of its own', () => {
    const values = [3, 1, 2, 2, 1, 3, 3]
    const { edges } = cutGrid(values)
    expect([...edges]).toEqual([1, nextUp(1), 2, nextUp(2), 3, nextUp(3)])
    expect(values.map((x) => binOf(edges, x))).toEqual([5, 1, 3, 3, 1, 5, 5])
    expect([0, 1.5, 2.5, 4].map((x) => binOf(edges, x))).toEqual([0, 2, 4, 6])
  })

  it('isolates a constant, also at the ends of the number line and at zero', () => {
    expect([...cutGrid([7, 7, 7]).edges]).toEqual([7, nextUp(7)])
    expect([...cutGrid([0, -0]).edges]).toEqual([0, Number.MIN_VALUE])
    expect([...cutGrid([Number.MAX_VALUE]).edges]).toEqual([Number.MAX_VALUE])
    expect([...cutGrid([-Number.MAX_VALUE]).edges]).toEqual([-Number.MAX_VALUE, nextUp(-Number.MAX_VALUE)])
  })

  it('has one bin and no edge without a finite value', () => {
    expect(cutGrid([]).edges).toHaveLength(0)
    expect(cutGrid([Number.NaN, Number.POSITIVE_INFINITY]).edges).toHaveLength(0)
    expect(binOf(new Float64Array(0), 5)).toBe(0)
  })

  it.each([
    ['normal', seededNormal(3)],
    [
      'log-normal',
      (
        (normal) => () =>
          Math.exp(3 * normal())
      )(seededNormal(4)),
    ],
    ['uniform', seededUniform(5)],
    [
      'with three atoms',
      (
        (uniform) => () =>
          uniform() < 0.6 ? Math.floor(3 * uniform()) : 5 * uniform()
      )(seededUniform(6)),
    ],
    [
      'whole numbers',
      (
        (normal) => () =>
          Math.round(1000 * normal())
      )(seededNormal(7)),
    ],
    [
      'log-uniform over 600 decades',
      (
        (uniform) => () =>
          10 ** (600 * uniform() - 300)
      )(seededUniform(8)),
    ],
  ])('cuts bins of nearly equal mass: %s', (_name, next) => {
    const sample = Array.from({ length: 40_000 }, next)
    const { edges } = cutGrid(sample)
    expectRising(edges)
    expect(edges.length).toBeLessThanOrEqual(511)
    const all = masses(edges, sample)
    expect(all[0]).toBe(0)
    expect(all.at(-1)).toBe(0)
    const wide = all.filter((_mass, bin) => bin === 0 || nextUp(edges[bin - 1]!) !== edges[bin])
    expect(Math.max(...wide)).toBeLessThan(3.2 / 512)
  })

  it('isolates an atom that comes late, when the tally has long spilled', () => {
    const normal = seededNormal(9)
    const sample = Array.from({ length: 60_000 }, (_, i) => (i > 30_000 && i % 4 === 0 ? 0.25 : normal()))
    const { edges } = cutGrid(sample)
    const bin = binOf(edges, 0.25)
    expect([edges[bin - 1], edges[bin]]).toEqual([0.25, nextUp(0.25)])
  })

  it.each([16, 64, 512, 2048])('keeps to %d bins', (binsMax) => {
    const normal = seededNormal(10)
    const uniform = seededUniform(11)
    const sample = Array.from({ length: 50_000 }, () =>
      uniform() < 0.5 ? Math.round(60 * normal()) : normal(),
    )
    const { edges } = cutGrid(sample, binsMax)
    expectRising(edges)
    expect(edges.length + 1).toBeLessThanOrEqual(binsMax)
    expect(edges.length + 1).toBeGreaterThan(binsMax * 0.9)
  })

  it('cuts the same sample in the same way', () => {
    const cut = () => cutGrid(Array.from({ length: 30_000 }, seededNormal(12))).edges
    expect(cut()).toEqual(cut())
  })
})

describe('binOf', () => {
  it('puts an edge into the bin above it', () => {
    const edges = Float64Array.of(1, 2, 3)
    expect([0.5, 1, 1.5, 2, 2.5, 3, 3.5].map((x) => binOf(edges, x))).toEqual([0, 1, 1, 2, 2, 3, 3])
  })
})
