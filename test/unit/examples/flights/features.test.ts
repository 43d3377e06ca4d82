import { describe, expect, it } from 'vitest'
import { NO_AIRPORT } from '../../../../examples/flights/data.ts'
import { flightFeatures, flightId, labelKnownAt, lateLabel } from '../../../../examples/flights/features.ts'
import { featureEvent } from '../../../../src/events/feature-event.ts'
import { someFlights } from './some-flights.ts'

const monday = Date.UTC(2001, 0, 29, 6, 15)

describe('the features of a flight', () => {
  it('are its hour, weekday, distance and airports', () => {
    const flights = someFlights([{ date: monday, distance: 391 }])
    expect(flightFeatures(flights, 0)).toEqual({
      hour: 6,
      weekday: 'Mon',
      distance: 391,
      origin: 'DEN',
      destination: 'SLC',
    })
  })

  it('name the weekday of any date', () => {
    const dates = Array.from({ length: 7 }, (_, day) => ({ date: Date.UTC(2001, 1, 24 + day, 23, 59) }))
    const flights = someFlights(dates)
    const names = dates.map((_, i) => flightFeatures(flights, i).weekday)
    // 24 February 2001 was a Saturday.
    expect(names).toEqual(['Sat', 'Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri'])
  })

  it('leave out an airport that was not reported, and still make an event', () => {
    const flights = { ...someFlights([{ date: monday }]), origin: Uint16Array.of(NO_AIRPORT) }
    const features = flightFeatures(flights, 0)
    expect(features.origin).toBeNull()
    expect(features.destination).toBe('SLC')
    const event = {
      model: 'flights',
      version: '1',
      id: flightId(flights, 0),
      at: monday,
      features,
      prediction: 0,
    }
    expect(featureEvent.parse(event).features).toEqual(features)
  })
})

describe('the label of a flight', () => {
  it('is 1 from 15 minutes on', () => {
    const flights = someFlights([
      { date: 0, delay: 14 },
      { date: 0, delay: 15 },
      { date: 0, delay: -20 },
    ])
    expect([0, 1, 2].map((i) => lateLabel(flights, i))).toEqual([0, 1, 0])
  })

  it('is known on arrival: 7.5 miles a minute, half an hour on the ground, and the delay', () => {
    const flights = someFlights([
      { date: monday, distance: 750, delay: 45 },
      { date: monday, distance: 750, delay: -45 },
    ])
    expect(labelKnownAt(flights, 0)).toBe(Date.UTC(2001, 0, 29, 6, 15 + 100 + 30 + 45))
    expect(labelKnownAt(flights, 1)).toBe(Date.UTC(2001, 0, 29, 6, 15 + 100 + 30))
  })
})

it('names a flight by its row in the file', () => {
  expect(flightId(someFlights([{ date: 0 }, { date: 0 }], 2_999_998), 1)).toBe('f2999999')
  expect(flightId(someFlights([{ date: 0 }], 123), 0)).toBe('f0000123')
})
