import { describe, expect, it } from 'vitest'
import { type FeatureEvent, featureEventExample } from '../../../src/events/feature-event.ts'
import { ParsedFeatures, viewOf } from '../../../src/events/feature-event-view.ts'

const NAMES = ['distance', 'origin', 'gone', 'hour']

function parsed(json: string) {
  return new ParsedFeatures(JSON.parse(json) as FeatureEvent['features'])
}

describe('viewOf', () => {
  it('says what the event says, and hands out its features in the order asked for', () => {
    const { features: _, segment: __, ...fields } = { ...featureEventExample, segment: 'north' }
    const view = viewOf(featureEventExample)
    expect(view).toMatchObject(fields)
    expect(view.features.valuesOf(NAMES)).toEqual({ values: [328, 'DEN', undefined, 6], others: 2 })
    expect(view.features.valuesOf([])).toEqual({ values: [], others: 5 })
  })
})

describe('ParsedFeatures', () => {
  it('keeps nothing of the event before, whatever is missing and in whatever order names come', () => {
    for (let round = 0; round < 2; round++) {
      expect(parsed('{"hour":1,"distance":2,"origin":"A","gone":3}').valuesOf(NAMES)).toEqual({
        values: [2, 'A', 3, 1],
        others: 0,
      })
      expect(parsed('{"new":9,"hour":5}').valuesOf(NAMES)).toEqual({
        values: [undefined, undefined, undefined, 5],
        others: 1,
      })
      expect(parsed('{}').valuesOf(NAMES).values).toEqual([undefined, undefined, undefined, undefined])
    }
  })

  it('finds features called like what every object has, and only where the event has them', () => {
    const names = ['constructor', '__proto__', 'toString']
    expect(parsed('{"__proto__":3,"constructor":null}').valuesOf(names)).toEqual({
      values: [null, 3, undefined],
      others: 0,
    })
    expect(parsed('{"x":1}').valuesOf(names)).toEqual({
      values: [undefined, undefined, undefined],
      others: 1,
    })
  })
})
