import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../../examples/flights/calendar.ts'
import { NO_AIRPORT } from '../../../../examples/flights/data.ts'
import {
  brokenPipe,
  changedWorld,
  knownIncidents,
  laterFlights,
  PLANT_NAMES,
  plantDay,
  plantsNamed,
} from '../../../../examples/flights/plants.ts'
import { type SomeFlight, someFlights } from './some-flights.ts'

/** Flights of one day at these hours, each with a delay of its own so that it can be followed. */
function dayOf(start: number, hours: readonly number[], firstRow = 0) {
  const rows: SomeFlight[] = hours.map((hour, i) => ({ date: start + hour * HOUR_MS + i, delay: i }))
  return someFlights(
    rows.toSorted((a, b) => a.date - b.date),
    firstRow,
  )
}

const hourOf = (date: number) => Math.floor((date % DAY_MS) / HOUR_MS)

describe('the broken pipe', () => {
  const broken = brokenPipe.incident.startedAt

  it('reports kilometres and loses nearly a third of the origins, for three days', () => {
    const day = dayOf(
      broken,
      Array.from({ length: 5000 }, () => 9),
      700_000,
    )
    const { happened, reported } = plantDay([brokenPipe], day)
    expect(happened).toBe(day)
    expect(new Set(reported.distance)).toEqual(new Set([Math.round(500 * 1.609344)]))
    const missing = reported.origin.filter((airport) => airport === NO_AIRPORT).length / day.length
    expect(missing).toBeGreaterThan(0.27)
    expect(missing).toBeLessThan(0.33)
    expect(reported.destination).toEqual(day.destination)
    expect(reported.delay).toEqual(day.delay)
    expect(plantDay([brokenPipe], day).reported.origin).toEqual(reported.origin)
  })

  it('leaves every other day alone', () => {
    for (const start of [broken - DAY_MS, broken + 3 * DAY_MS]) {
      const day = dayOf(start, [8, 9])
      expect(plantDay([brokenPipe], day)).toEqual({ happened: day, reported: day })
      expect(plantDay([brokenPipe], day).reported).toBe(day)
    }
    const last = dayOf(broken + 2 * DAY_MS, [8])
    expect(plantDay([brokenPipe], last).reported).not.toBe(last)
  })
})

describe('the changed world', () => {
  const changed = changedWorld.incident.startedAt

  it('exchanges the delays of mirrored hours, in their order', () => {
    const day = dayOf(changed, [6, 6, 14, 22, 22])
    expect([...plantDay([changedWorld], day).happened.delay]).toEqual([3, 4, 2, 0, 1])
  })

  it('spreads the delays of an hour over more flights, and thins them for fewer', () => {
    const day = dayOf(changed, [7, 7, 7, 7, 21, 21])
    expect([...plantDay([changedWorld], day).happened.delay]).toEqual([4, 4, 5, 5, 0, 2])
  })

  it('takes every delay from the mirrored hour of the same day, and touches nothing else', () => {
    const hours = fc.array(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(hours, (drawn) => {
        const day = dayOf(changed + DAY_MS, drawn)
        const { happened, reported } = plantDay([changedWorld], day)
        expect(reported).toBe(happened)
        expect({ ...happened, delay: day.delay }).toEqual(day)
        const hourOfDelay = new Map([...day.delay].map((delay, i) => [delay, hourOf(day.date[i]!)]))
        const present = new Set(hourOfDelay.values())
        happened.delay.forEach((delay, i) => {
          const hour = hourOf(day.date[i]!)
          const mirrored = hour < 5 || !present.has(28 - hour) ? hour : 28 - hour
          expect(hourOfDelay.get(delay)).toBe(mirrored)
        })
      }),
    )
  })

  it('has not begun on the day before', () => {
    const day = dayOf(changed - DAY_MS, [6, 22])
    expect(plantDay([changedWorld], day).happened).toBe(day)
  })

  it('does not change the day it is given', () => {
    const day = dayOf(changed, [6, 22])
    plantDay(plantsNamed('all'), day)
    expect([...day.delay]).toEqual([0, 1])
  })
})

describe('choosing plants', () => {
  it('knows all, each one, and none', () => {
    expect(PLANT_NAMES).toEqual(['all', 'broken-pipe', 'changed-world', 'none'])
    expect(plantsNamed('all')).toEqual([brokenPipe, changedWorld])
    expect(plantsNamed('none')).toEqual([])
  })

  it('refuses a name it does not know, and says which it knows', () => {
    expect(() => plantsNamed('constructor')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('changed-world') }),
    )
  })

  it('always tells the real incident, and never as planted', () => {
    expect(knownIncidents([])).toEqual([laterFlights])
    expect(knownIncidents(plantsNamed('all')).map((incident) => [incident.name, incident.planted])).toEqual([
      ['later-flights', false],
      ['broken-pipe', true],
      ['changed-world', true],
    ])
  })
})
