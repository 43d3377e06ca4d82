import { WEEKDAYS } from './features.ts'
import { hash32, hashText } from './hash.ts'

/** Features by name, as an event carries them: anything may be missing or of another type. */
export type NamedFeatures = Readonly<Record<string, unknown>>

/** A flight switches on at most so many weights: see `encodeFlight`. */
export const ENCODED_WIDTH = 8

const HOURS = 24
const HOURS_PER_PART = 4
const DISTANCE_STEPS = 16
const SHORTEST_MILES = 62.5
/** Room for some 6 000 airports, routes and parts of the day without many meetings. */
const TABLE_SIZE = 1 << 15

const BIAS = 0
const HOUR = 1
const WEEKDAY = HOUR + HOURS
const DISTANCE = WEEKDAY + WEEKDAYS.length
const TABLE = DISTANCE + DISTANCE_STEPS

export const WEIGHT_COUNT = TABLE + TABLE_SIZE

/** These keep the hashed features apart in the table they share. */
const ORIGIN_SALT = hashText('origin')
const DESTINATION_SALT = hashText('destination')
const ROUTE_SALT = hashText('route') | 1
const ORIGIN_PART_SALT = hashText('origin and part of the day')

const weekdayIndex = new Map(WEEKDAYS.map((name, index) => [name, index]))

/**
 * Writes the weights a flight switches on to `slots[at]` and the `ENCODED_WIDTH - 1` places behind it: bias,
 * hour, weekday, distance in half-octaves, origin, destination, route, origin with part of the day. What is
 * missing, of another type or out of range is -1 and has no say.
 */
export function encodeFlight(features: NamedFeatures, slots: Int32Array, at: number): void {
  const { hour, weekday, distance, origin, destination } = features
  const wholeHour = typeof hour === 'number' && hour >= 0 && hour < HOURS ? Math.floor(hour) : -1
  const from = typeof origin === 'string' ? hashText(origin) : -1
  const to = typeof destination === 'string' ? hashText(destination) : -1
  const part = Math.floor(wholeHour / HOURS_PER_PART)
  slots[at] = BIAS
  slots[at + 1] = wholeHour < 0 ? -1 : HOUR + wholeHour
  slots[at + 2] = typeof weekday === 'string' ? weekdaySlot(weekday) : -1
  slots[at + 3] = typeof distance === 'number' && distance > 0 ? DISTANCE + distanceStep(distance) : -1
  slots[at + 4] = from < 0 ? -1 : tableSlot(from ^ ORIGIN_SALT)
  slots[at + 5] = to < 0 ? -1 : tableSlot(to ^ DESTINATION_SALT)
  slots[at + 6] = from < 0 || to < 0 ? -1 : tableSlot(Math.imul(from, ROUTE_SALT) ^ to)
  slots[at + 7] = from < 0 || wholeHour < 0 ? -1 : tableSlot(from ^ (ORIGIN_PART_SALT + part))
}

function weekdaySlot(name: string): number {
  const index = weekdayIndex.get(name)
  return index === undefined ? -1 : WEEKDAY + index
}

/** Step 0 is shorter than the shortest, the last step is everything beyond. */
function distanceStep(miles: number): number {
  const step = Math.floor(2 * Math.log2(miles / SHORTEST_MILES)) + 1
  return Math.min(Math.max(step, 0), DISTANCE_STEPS - 1)
}

function tableSlot(hash: number): number {
  return TABLE + (hash32(hash) & (TABLE_SIZE - 1))
}
