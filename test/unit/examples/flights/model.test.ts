import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENCODED_WIDTH, encodeFlight, WEIGHT_COUNT } from '../../../../examples/flights/encoding.ts'
import { WEEKDAYS } from '../../../../examples/flights/features.ts'
import { FlightModel } from '../../../../examples/flights/model.ts'
import { TrainingSet } from '../../../../examples/flights/training-set.ts'

const airports = ['DEN', 'SLC', 'ORD', '__proto__', 'constructor']

/** Of 11 evening flights 8 are late, of 11 others 2, whatever their airports and weekdays. */
function trainedModel(): FlightModel {
  const flights = new TrainingSet()
  for (let row = 0; row < 23 * 24 * 11; row++) {
    const hour = row % 24
    const late = hour >= 16 ? row % 11 < 8 : row % 11 < 2
    flights.add(
      {
        hour,
        weekday: WEEKDAYS[row % 7],
        distance: 100 + (row % 900),
        origin: airports[row % 5],
        destination: airports[(row + 1) % 5],
      },
      late,
    )
  }
  return flights.fit()
}

const model = trainedModel()
const flight = { hour: 20, weekday: 'Fri', distance: 391, origin: 'DEN', destination: 'SLC' }

describe('a flights model', () => {
  it('has learned that evenings are later', () => {
    expect(model.predict(flight)).toBeGreaterThan(0.5)
    expect(model.predict({ ...flight, hour: 7 })).toBeLessThan(0.35)
  })

  it('predicts a probability from anything', () => {
    const anything = fc.record(
      {
        hour: fc.anything(),
        weekday: fc.anything(),
        distance: fc.oneof(fc.double(), fc.anything()),
        origin: fc.oneof(fc.string(), fc.anything()),
        destination: fc.oneof(fc.string(), fc.anything()),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(anything, (features) => {
        const score = model.predict(features)
        expect(score).toBeGreaterThan(0)
        expect(score).toBeLessThan(1)
      }),
    )
  })

  it('moves little when distance comes in kilometres, and not at all with a feature it cannot read', () => {
    const score = model.predict(flight)
    expect(Math.abs(model.predict({ ...flight, distance: 629 }) - score)).toBeLessThan(0.2)
    expect(model.predict({ ...flight, distance: '391' })).toBe(model.predict({ ...flight, distance: null }))
    expect(model.predict({ ...flight, weekday: 'Freitag' })).toBe(model.predict({ ...flight, weekday: null }))
  })

  it('decides by the late share of its training', () => {
    expect(model.threshold).toBeCloseTo((8 * (8 / 11) + 16 * (2 / 11)) / 24, 5)
    expect([model.decide(model.threshold), model.decide(model.threshold - 0.01)]).toEqual([1, 0])
  })

  it('is the same to the last bit when read back from its file', () => {
    const read = FlightModel.fromArtifact(JSON.parse(JSON.stringify(model.toArtifact())))
    for (let hour = 0; hour < 24; hour++) {
      expect(read.predict({ ...flight, hour })).toBe(model.predict({ ...flight, hour }))
    }
    expect([read.threshold, read.trainedOn]).toEqual([model.threshold, 23 * 24 * 11])
  })

  it('refuses what is no artifact of it', () => {
    const artifact = model.toArtifact()
    const strangers: unknown[] = [
      null,
      {},
      { ...artifact, weightCount: 10 },
      { ...artifact, slots: [WEIGHT_COUNT], weights: [1] },
      { ...artifact, weights: [] },
      { ...artifact, weights: artifact.weights.map(() => null) },
    ]
    for (const stranger of strangers) {
      expect(() => FlightModel.fromArtifact(stranger)).toThrow(
        expect.objectContaining({ code: 'TRAINER_FAILED' }),
      )
    }
  })

  it('cannot be trained on nothing', () => {
    expect(() => new TrainingSet().fit()).toThrow(expect.objectContaining({ code: 'TRAINER_FAILED' }))
  })
})

describe('the encoding of a flight', () => {
  const encoded = (features: Record<string, unknown>) => {
    const slots = new Int32Array(ENCODED_WIDTH + 2).fill(-9)
    encodeFlight(features, slots, 1)
    expect([slots[0], slots.at(-1)]).toEqual([-9, -9])
    return [...slots.subarray(1, -1)]
  }

  it('gives every feature a weight of its own, inside the table', () => {
    const slots = encoded(flight)
    expect(new Set(slots).size).toBe(ENCODED_WIDTH)
    for (const slot of slots) expect(slot >= 0 && slot < WEIGHT_COUNT).toBe(true)
  })

  it('tells a route from its way back, and an origin from a destination', () => {
    const back = encoded({ ...flight, origin: 'SLC', destination: 'DEN' })
    const out = encoded(flight)
    expect(back[6]).not.toBe(out[6])
    expect(back[5]).not.toBe(out[4])
  })

  it('leaves out what is missing and what depends on it', () => {
    expect(encoded({ ...flight, origin: null }).map((slot) => slot < 0)).toEqual([
      ...[false, false, false, false],
      ...[true, false, true, true],
    ])
    expect(encoded({}).filter((slot) => slot >= 0)).toHaveLength(1)
    expect(encoded({ ...flight, hour: 24 })[1]).toBe(-1)
    expect(encoded({ ...flight, distance: Number.NaN })[3]).toBe(-1)
  })

  it('keeps the shortest and the longest flight inside their steps', () => {
    const step = (distance: number) => encoded({ distance })[3]
    expect(step(1)).toBe(step(60))
    expect(step(60)).toBeLessThan(step(70)!)
    expect(step(1e300)).toBe(step(Infinity))
  })
})
