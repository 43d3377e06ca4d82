import { z } from 'zod'
import { nextCronTime } from '../triggers/schedule.ts'
import { parseByteSize } from './byte-size.ts'
import { parseDuration } from './duration.ts'
import { isSection } from './tree.ts'

/**
 * The building blocks of the configuration's schema. Every one carries the words its faults are told in:
 * a fault says "expected a duration such as 30s, 10m, 7d", not "invalid input".
 */

/** A value that `read` accepts; `undefined` from `read` is a fault. */
export function scalar<T>(expected: string, read: (raw: unknown) => T | undefined) {
  return z.custom<unknown>((raw) => read(raw) !== undefined, expected).transform((raw) => read(raw) as T)
}

/** Keys with values of their own; an absent or empty section (`stream:`) has every default. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ')
  return z.preprocess((raw) => raw ?? {}, z.strictObject(shape, { error: `a section of ${keys}` }))
}

/** What users name themselves: the words for the whole, the words for a name, and the rule of a name. */
export interface Naming {
  readonly expected: string
  readonly expectedName: string
  readonly accepts: (name: string) => boolean
  readonly min: number
}

/** Names chosen by the user, each with a value: a Map, since a name may be `__proto__`. */
export function named<Value extends z.ZodType>(naming: Naming, value: Value) {
  const name = z.custom<string>((raw) => naming.accepts(raw as string), {
    error: naming.expectedName,
    params: { quoteName: true },
  })
  return z.preprocess(
    (raw) => (isSection(raw) ? new Map(Object.entries(raw)) : raw),
    z.map(name, value, { error: naming.expected }).min(naming.min, { error: naming.expected }),
  )
}

export function list<Item extends z.ZodType>(expected: string, item: Item) {
  return z.array(item, { error: expected }).min(1, { error: expected })
}

export function duration(minMs = 1) {
  return scalar('a duration such as 30s, 10m, 7d', (raw) => {
    const ms = parseDuration(raw)
    return ms !== null && ms >= minMs ? ms : undefined
  })
}

export function byteSize() {
  return scalar('a size such as 512KiB, 64MiB', (raw) => parseByteSize(raw) ?? undefined)
}

export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return scalar(`a whole number ${range}`, (raw) =>
    typeof raw === 'number' && Number.isInteger(raw) && raw >= min && raw <= max ? raw : undefined,
  )
}

/** A number strictly between 0 and 1. */
export function share() {
  return scalar('a number between 0 and 1', (raw) =>
    typeof raw === 'number' && raw > 0 && raw < 1 ? raw : undefined,
  )
}

/** A share of something that is divided: none of it and all of it included. */
export function part() {
  return scalar('a number from 0 to 1', (raw) =>
    typeof raw === 'number' && raw >= 0 && raw <= 1 ? raw : undefined,
  )
}

/** A number from 0 to 1, both included: 0 asks for nothing, 1 for everything. */
export function shareOrAll() {
  return scalar('a number from 0 to 1', (raw) =>
    typeof raw === 'number' && raw >= 0 && raw <= 1 ? raw : undefined,
  )
}

/** A share above none, all of it included. */
export function portion() {
  return scalar('a number above 0 and at most 1', (raw) =>
    typeof raw === 'number' && raw > 0 && raw <= 1 ? raw : undefined,
  )
}

/** How many times as much: a number above 1. */
export function factor() {
  return scalar('a number above 1', (raw) =>
    typeof raw === 'number' && Number.isFinite(raw) && raw > 1 ? raw : undefined,
  )
}

export function positiveNumber() {
  return scalar('a number above 0', (raw) =>
    typeof raw === 'number' && Number.isFinite(raw) && raw > 0 ? raw : undefined,
  )
}

export function finiteNumber() {
  return scalar('a number', (raw) => (typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined))
}

export function trueOrFalse() {
  return scalar('true or false', (raw) => (typeof raw === 'boolean' ? raw : undefined))
}

export function text(expected: string, accepts: (raw: string) => boolean = (raw) => raw !== '') {
  return scalar(expected, (raw) => (typeof raw === 'string' && accepts(raw) ? raw : undefined))
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return scalar(`one of ${choices.join(', ')}`, (raw) => choices.find((choice) => choice === raw))
}

/** Text, or a number or boolean taken as its text: what YAML makes of `1` and `true` is the user's word. */
export function wordOrNumber(expected: string) {
  return scalar(expected, (raw) => {
    if (typeof raw === 'string' && raw !== '') return raw
    return typeof raw === 'boolean' || Number.isSafeInteger(raw) ? String(raw) : undefined
  })
}

/** `1` and `"1"` are the same version; `1.10` is not taken, since YAML has already made it `1.1`. */
export function version() {
  return scalar('a version: text of 1 to 100 characters or a whole number ("1.10" in quotes)', (raw) => {
    const name = Number.isSafeInteger(raw) ? String(raw) : raw
    return typeof name === 'string' && name.length >= 1 && name.length <= 100 ? name : undefined
  })
}

/** Kafka's rule for topics; `.` and `..` would be folders of the broker. */
export function topicName() {
  return text(
    'a topic name of 1 to 249 of [a-zA-Z0-9._-]',
    (raw) => /^[a-zA-Z0-9._-]{1,249}$/.test(raw) && raw !== '.' && raw !== '..',
  )
}

export function brokerAddress() {
  return text('host:port', (raw) => {
    const port = /^(?:[^\s:/[\]]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(raw)?.[1]
    return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535
  })
}

/** As the schedule trigger reads it; a pattern that never comes due, `0 0 30 2 *`, is refused. */
export function cronPattern() {
  return text('a cron pattern that comes due, such as "0 3 * * 1"', (raw) => {
    try {
      return nextCronTime(raw, 'UTC', 0) !== null
    } catch {
      return false
    }
  })
}

export function timeZone() {
  return text('an IANA time zone such as Europe/Vienna', (raw) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: raw })
      return true
    } catch {
      return false
    }
  })
}
