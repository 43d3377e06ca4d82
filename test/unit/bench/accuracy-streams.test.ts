import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { agrawal } from '../../../bench/accuracy/streams/agrawal.ts'
import { hyperplane } from '../../../bench/accuracy/streams/hyperplane.ts'
import {
  autoregressive,
  normal,
  withCategory,
  withMissing,
  zipf,
} from '../../../bench/accuracy/streams/injected.ts'
import { led } from '../../../bench/accuracy/streams/led.ts'
import { randomRbf } from '../../../bench/accuracy/streams/random-rbf.ts'
import { RECORDED, readRecorded } from '../../../bench/accuracy/streams/recorded.ts'
import { type Concept, mixed, type Row, withLabelNoise } from '../../../bench/accuracy/streams/row.ts'
import { sea } from '../../../bench/accuracy/streams/sea.ts'
import { sine } from '../../../bench/accuracy/streams/sine.ts'
import { stagger } from '../../../bench/accuracy/streams/stagger.ts'
import { waveAt, waveform } from '../../../bench/accuracy/streams/waveform.ts'
import { createRandom } from '../../../src/statistics/random.ts'

interface Moments {
  readonly mean: number
  readonly sd: number
}

interface Summary {
  readonly rows: number
  readonly positive: number
  readonly features: readonly Moments[]
  readonly featuresOfClassOne: readonly Moments[]
}

const golden = (
  JSON.parse(readFileSync(new URL('../../golden/streams.json', import.meta.url), 'utf8')) as {
    streams: Record<string, Summary>
  }
).streams

const ROWS = 50_000
const WORLDS = 400

function rowsOf(name: string): Row[] {
  const [kind = '', rule = '0'] = name.split(' ')
  const random = createRandom(`streams ${name}`)
  const take = (concept: Concept, count: number) => Array.from({ length: count }, () => concept(random))
  const worlds = (create: (seed: string) => Concept) =>
    Array.from({ length: WORLDS }, (_, world) => take(create(`${name} ${world}`), ROWS / WORLDS)).flat()
  if (kind === 'hyperplane') return worlds((seed) => hyperplane(createRandom(seed), { magnitude: 0.01 }))
  if (kind === 'rbf') return worlds((seed) => randomRbf(createRandom(seed)))
  const concepts: Record<string, () => Concept> = {
    sea: () => sea(Number(rule) as 0),
    stagger: () => stagger(Number(rule) as 0),
    sine: () => sine(Number(rule) as 0),
    agrawal: () => agrawal(Number(rule)),
    led: () => led(0.1),
  }
  return take(concepts[kind]!(), ROWS)
}

function momentsOf(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) }
}

/** Means of two samples, in standard errors of their difference. */
function deviation(found: Moments, n: number, river: Moments, m: number): number {
  const error = Math.sqrt(found.sd ** 2 / n + river.sd ** 2 / m)
  return error === 0 ? Math.abs(found.mean - river.mean) : Math.abs(found.mean - river.mean) / error
}

describe.each(Object.keys(golden))('%s', (name) => {
  const river = golden[name]!
  const rows = rowsOf(name)
  // Rows of one world share its weights: 400 worlds count, and not 50 000 rows.
  const share = name === 'hyperplane' || name === 'rbf' ? WORLDS / ROWS : 1

  it('draws features and classes as River does', () => {
    const positives = rows.filter(({ y }) => y === 1)
    const p = positives.length / rows.length
    const sd = (rate: number) => Math.sqrt(rate * (1 - rate))
    const ours = { mean: p, sd: sd(p) }
    const theirs = { mean: river.positive, sd: sd(river.positive) }
    expect(deviation(ours, share * rows.length, theirs, share * river.rows)).toBeLessThan(4.5)
    expect(rows[0]!.x).toHaveLength(river.features.length)
    for (const [feature, moments] of river.features.entries()) {
      const found = momentsOf(rows.map(({ x }) => x[feature]!))
      expect(deviation(found, share * rows.length, moments, share * river.rows)).toBeLessThan(4.5)
      expect(Math.abs(found.sd - moments.sd)).toBeLessThanOrEqual(0.03 * moments.sd)
      if (share < 1) continue
      const within = momentsOf(positives.map(({ x }) => x[feature]!))
      const classOne = river.featuresOfClassOne[feature]!
      expect(deviation(within, positives.length, classOne, river.positive * river.rows)).toBeLessThan(4.5)
    }
  })
})

describe('waveform', () => {
  it('has at every point the mean of the two waves of its class', () => {
    const random = createRandom('waveform')
    const rows = Array.from({ length: 30_000 }, () => waveform()(random))
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const
    pairs.forEach(([one, other], y) => {
      const own = rows.filter((row) => row.y === y)
      expect(own.length).toBeGreaterThan(9500)
      for (let point = 0; point < 21; point++) {
        const { mean } = momentsOf(own.map(({ x }) => x[point]!))
        // Standard deviation of a point: at most that of the noise and of a uniform share of a height of 6.
        expect(Math.abs(mean - (waveAt(one, point) + waveAt(other, point)) / 2)).toBeLessThan(0.1)
      }
    })
    expect([waveAt(0, 10), waveAt(1, 14), waveAt(2, 6), waveAt(0, 4), waveAt(0, 5)]).toEqual([6, 6, 6, 0, 1])
  })
})

describe('what is injected', () => {
  const draw = (stream: (random: () => number) => number, count: number) => {
    const random = createRandom('injected')
    return Array.from({ length: count }, () => stream(random))
  }

  it('moves mean and scale', () => {
    const { mean, sd } = momentsOf(draw(normal(3, 2), 20_000))
    expect(Math.abs(mean - 3)).toBeLessThan(0.06)
    expect(Math.abs(sd - 2)).toBeLessThan(0.05)
  })

  it('moves a share of categories, and of values to missing', () => {
    const categories = draw(withCategory(zipf(5), 7, 0.2), 20_000)
    expect(Math.abs(categories.filter((code) => code === 7).length / 20_000 - 0.2)).toBeLessThan(0.012)
    expect(categories.filter((code) => code === 0).length).toBeGreaterThan(
      categories.filter((code) => code === 4).length,
    )
    const missing = draw(withMissing(normal(), 0.1), 20_000).filter(Number.isNaN).length / 20_000
    expect(Math.abs(missing - 0.1)).toBeLessThan(0.01)
  })

  it('remembers: AR(1) has its correlation and variance 1', () => {
    const values = draw(autoregressive(0.6), 40_000)
    const products = values.slice(1).map((value, i) => value * values[i]!)
    expect(Math.abs(momentsOf(values).sd - 1)).toBeLessThan(0.04)
    expect(Math.abs(momentsOf(products).mean - 0.6)).toBeLessThan(0.05)
  })

  it('follows the day', () => {
    const values = draw(autoregressive(0, 2, 24), 24_000)
    const atSix = momentsOf(values.filter((_, t) => t % 24 === 6)).mean
    expect(Math.abs(atSix - 2)).toBeLessThan(0.15)
  })

  it('mixes concepts and spoils labels', () => {
    const random = createRandom('mixed')
    const half = mixed(sine(0), sine(1), 0.5)
    const noisy = withLabelNoise(stagger(2), 0.25)
    const wrong = Array.from({ length: 10_000 }, () => noisy(random)).filter(
      ({ x, y }) => y !== (x[0] === 0 ? 0 : 1),
    ).length
    expect(Math.abs(wrong / 10_000 - 0.25)).toBeLessThan(0.02)
    const below = Array.from({ length: 10_000 }, () => half(random)).filter(
      ({ x, y }) => (y === 1) === x[0]! < Math.sin(x[1]!),
    ).length
    expect(Math.abs(below / 10_000 - 0.5)).toBeLessThan(0.025)
  })
})

describe('recorded streams', () => {
  it('are null where they are not, and know where they change', () => {
    expect(readRecorded('sea', null)).toBeNull()
    expect(readRecorded('sea', '/nowhere')).toBeNull()
    expect(RECORDED.sine1.drifts).toEqual([20_000, 40_000, 60_000, 80_000])
  })
})
