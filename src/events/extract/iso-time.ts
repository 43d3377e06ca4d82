import { epochMs } from '../fields.ts'
import type { RecordBytes } from './record-bytes.ts'
import { SCAN } from './scan.ts'

const { PLUS, MINUS, POINT, ZERO, COLON } = SCAN

/** `2001-01-29T06:15`, of which the stream's next event most likely has the same. */
const MINUTE_BYTES = 16
/** `Date.parse` cuts a fraction after milliseconds; beyond nine digits it cuts elsewhere. */
const FRACTION_DIGITS_MAX = 9
const UPPER_Z = 0x5a

/**
 * Reads ISO 8601 times with a zone, as the schema of source events does, at a fraction of its cost: what
 * the schema and the calendar say of a minute is asked once, then seconds and zone are added.
 */
export class IsoTimeReader {
  readonly #record: RecordBytes
  readonly #minute = new Uint8Array(MINUTE_BYTES)
  #minuteMs = Number.NaN

  constructor(record: RecordBytes) {
    this.#record = record
  }

  /** Epoch milliseconds of the text from `start` to `end`; NaN where the schema has to be asked. */
  read(start: number, end: number): number {
    const { bytes } = this.#record
    // Shortest: a minute, `:00` and `Z`.
    if (end - start < MINUTE_BYTES + 4) return Number.NaN
    let position = start + MINUTE_BYTES
    const seconds = bytes[position] === COLON ? twoDigits(bytes, position + 1, 59) : -1
    if (seconds < 0) return Number.NaN
    position += 3
    let ms = seconds * 1000
    if (bytes[position] === POINT) {
      const fraction = ++position
      let weight = 100
      let digit = bytes[position]! - ZERO
      while (digit >>> 0 <= 9) {
        ms += digit * weight
        weight = Math.trunc(weight / 10)
        digit = bytes[++position]! - ZERO
      }
      const count = position - fraction
      if (count === 0 || count > FRACTION_DIGITS_MAX) return Number.NaN
    }
    const zoneMs = readZone(bytes, position, end)
    return this.#minuteAt(start) + ms - zoneMs
  }

  #minuteAt(start: number): number {
    const { bytes } = this.#record
    for (let index = 0; index < MINUTE_BYTES; index++) {
      if (bytes[start + index] !== this.#minute[index]) return this.#learnMinute(start)
    }
    return this.#minuteMs
  }

  #learnMinute(start: number): number {
    const text = this.#record.bytes.toString('latin1', start, start + MINUTE_BYTES)
    const parsed = epochMs.safeParse(`${text}:00Z`)
    if (!parsed.success) return Number.NaN
    this.#minute.set(this.#record.bytes.subarray(start, start + MINUTE_BYTES))
    this.#minuteMs = parsed.data
    return parsed.data
  }
}

/** The offset from `position` to `end` in milliseconds: `Z`, or a sign, hours and minutes. NaN for all else. */
function readZone(bytes: Uint8Array, position: number, end: number): number {
  const sign = bytes[position]
  if (sign === UPPER_Z) return position + 1 === end ? 0 : Number.NaN
  if ((sign !== PLUS && sign !== MINUS) || position + 6 !== end || bytes[position + 3] !== COLON)
    return Number.NaN
  const hours = twoDigits(bytes, position + 1, 23)
  const minutes = twoDigits(bytes, position + 4, 59)
  if (hours < 0 || minutes < 0) return Number.NaN
  const ms = (hours * 60 + minutes) * 60_000
  return sign === PLUS ? ms : -ms
}

/** The number two digits write, -1 where they are none or it is larger than `max`. */
function twoDigits(bytes: Uint8Array, at: number, max: number): number {
  const tens = bytes[at]! - ZERO
  const ones = bytes[at + 1]! - ZERO
  const value = tens * 10 + ones
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 && value <= max ? value : -1
}
