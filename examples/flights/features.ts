import { DAY_MS, HOUR_MS, MINUTE_MS } from './calendar.ts'
import { type Flights, NO_AIRPORT } from './data.ts'

/** What the model is told of a flight. A broken pipe may leave any of it out. */
export type FlightFeatures = {
  /** Hour of departure, 0 to 23. */
  hour: number | null
  weekday: string | null
  /** Miles. */
  distance: number | null
  origin: string | null
  destination: string | null
}

/** A flight counts as late from this many minutes on. */
const LATE_MINUTES = 15

export const WEEKDAYS: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** A jet's block speed and the time on the ground: from them follows when a delay is known. */
const MILES_PER_MINUTE = 7.5
const GROUND_MINUTES = 30

/** The features of flight `i`, as its pipe reports them. */
export function flightFeatures(flights: Flights, i: number): FlightFeatures {
  const at = flights.date[i]!
  return {
    hour: Math.floor((at % DAY_MS) / HOUR_MS),
    weekday: WEEKDAYS[weekdayOf(at)]!,
    distance: flights.distance[i]!,
    origin: airportName(flights, flights.origin[i]!),
    destination: airportName(flights, flights.destination[i]!),
  }
}

/** Name of a flight, unique in the file and of one length: `f0000123` is row 123. */
export function flightId(flights: Flights, i: number): string {
  return `f${String(flights.firstRow + i).padStart(7, '0')}`
}

/** Whether the flight came late: the label, 1 or 0. */
export function lateLabel(flights: Flights, i: number): 0 | 1 {
  return flights.delay[i]! >= LATE_MINUTES ? 1 : 0
}

/** When the label becomes known, epoch ms: on arrival, late as it is. Needs the true distance in miles. */
export function labelKnownAt(flights: Flights, i: number): number {
  const minutes = flights.distance[i]! / MILES_PER_MINUTE + GROUND_MINUTES + Math.max(flights.delay[i]!, 0)
  return flights.date[i]! + Math.round(minutes) * MINUTE_MS
}

/** 0 is Monday; 1970-01-01 was a Thursday. */
function weekdayOf(atMs: number): number {
  return (Math.floor(atMs / DAY_MS) + 3) % 7
}

function airportName(flights: Flights, index: number): string | null {
  return index === NO_AIRPORT ? null : flights.airports[index]!
}
