import { describe, expect, it } from 'vitest'
import { drawEventBytes, MIXED_SHAPE, NUMERIC_SHAPE } from '../../../bench/json-sides.ts'
import { columnOf, DISTRIBUTIONS, drawRows, drawSample } from '../../../bench/streams/distributions.ts'
import { drawEvents } from '../../../bench/streams/events.ts'
import { featureEvent } from '../../../src/events/feature-event.ts'
import { labelEvent } from '../../../src/events/label-event.ts'

describe('drawSample', () => {
  it.each(DISTRIBUTIONS)('%s is the same for the same seed, and finite', (distribution) => {
    const sample = drawSample(distribution, 1_000, 'a')
    expect(drawSample(distribution, 1_000, 'a')).toEqual(sample)
    expect(drawSample(distribution, 1_000, 'b')).not.toEqual(sample)
    expect(sample.every(Number.isFinite)).toBe(true)
  })

  it('has the shapes it names', () => {
    const share = (values: Float64Array, holds: (x: number) => boolean) =>
      values.filter(holds).length / values.length
    const n = 20_000
    // The bounds are four standard errors of a share near a half.
    const around = (share: number) => [share - 0.0142, share + 0.0142] as const
    for (const [distribution, holds, expected] of [
      ['normal', (x: number) => Math.abs(x) < 1, 0.6827],
      ['lognormal', (x: number) => x < Math.E, 0.8413],
      ['ties', (x: number) => x === 0, 0.4],
      ['pareto', (x: number) => x < 2, 1 - 2 ** -1.2],
      ['offset', (x: number) => x < 1e6, 0.5],
    ] as const) {
      const [low, high] = around(expected)
      const found = share(drawSample(distribution, n, 'shape'), holds)
      expect(found, distribution).toBeGreaterThan(low)
      expect(found, distribution).toBeLessThan(high)
    }
  })
})

describe('columnOf', () => {
  it('is every so-manieth value', () => {
    expect(columnOf(Float64Array.of(1, 2, 3, 4, 5, 6), 3, 1)).toEqual(Float64Array.of(2, 5))
    expect(columnOf(drawRows(3, 10, 'a'), 3, 2)).toHaveLength(10)
  })
})

describe('drawEvents', () => {
  it('gives events and labels that their schemas take as they are', () => {
    const { features, labels } = drawEvents(MIXED_SHAPE, 50, 'a')
    for (const event of features) expect(featureEvent.parse(event)).toEqual(event)
    for (const event of labels) expect(labelEvent.parse(event)).toEqual(event)
    expect(labels.map(({ id }) => id)).toEqual(features.map(({ id }) => id))
    expect(Object.keys(features[0]!.features)).toHaveLength(25)
  })

  it('gives every model its share', () => {
    const models = ['a', 'b', 'c', 'd']
    const { features } = drawEvents({ numeric: 1, categorical: 0, models }, 400, 'a')
    expect(new Set(features.map(({ model }) => model))).toEqual(new Set(models))
  })
})

describe('drawEventBytes', () => {
  it('gives about 480 bytes an event, each its own JSON', () => {
    const { features, labels } = drawEventBytes(NUMERIC_SHAPE, 200)
    const mean = features.reduce((sum, { length }) => sum + length, 0) / features.length
    expect(Math.abs(mean - 480)).toBeLessThan(10)
    const drawn = drawEvents(NUMERIC_SHAPE, 200, 'stream')
    expect(features.map((bytes) => JSON.parse(bytes.toString()))).toEqual(drawn.features)
    expect(labels.map((bytes) => JSON.parse(bytes.toString()))).toEqual(drawn.labels)
  })
})
