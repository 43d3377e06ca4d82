/** From values to places on a picture. */
export interface Scale {
  readonly from: number
  readonly to: number
  at(value: number): number
}

export interface Tick {
  readonly value: number
  readonly text: string
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Steps at which people read time, rising; months and years come after them. */
const STEPS_MS = [
  ...[1, 5, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14].map((days) => days * DAY_MS),
]
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120]
const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** A Monday: weeks begin there. */
const MONDAY_MS = 4 * DAY_MS

/** `from` lies at `start`, `to` at `end`; a range of nothing lies in the middle. */
export function linearScale(from: number, to: number, start: number, end: number): Scale {
  const span = to - from
  return {
    from,
    to,
    at: (value) => (span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start)),
  }
}

/** Round numbers within the scale, about `wanted` of them. */
export function numberTicks({ from, to }: Scale, wanted: number): Tick[] {
  const raw = (to - from) / wanted
  if (!(raw > 0)) return [{ value: from, text: String(Number(from.toPrecision(3))) }]
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10)
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  const ticks: Tick[] = []
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index++) {
    ticks.push({ value: index * step, text: (index * step).toFixed(digits).replace('-', '−') })
  }
  return ticks
}

/** Times at which people read a calendar, in UTC, at most `most` of them. */
export function timeTicks({ from, to }: Scale, most: number): Tick[] {
  const stepMs = STEPS_MS.find((step) => (to - from) / step <= most)
  if (stepMs === undefined) return monthTicks(from, to, most)
  const origin = stepMs >= 7 * DAY_MS ? MONDAY_MS : 0
  const ticks: Tick[] = []
  for (let at = Math.ceil((from - origin) / stepMs) * stepMs + origin; at <= to; at += stepMs) {
    ticks.push({ value: at, text: tickText(at, stepMs) })
  }
  return ticks
}

function tickText(at: number, stepMs: number): string {
  const date = new Date(at)
  const day = `${date.getUTCDate()} ${MONTH_NAMES[date.getUTCMonth()]}`
  if (stepMs >= DAY_MS) return day
  const time = date.toISOString().slice(11, stepMs < MINUTE_MS ? 19 : 16)
  return time.startsWith('00:00') ? day : time
}

function monthTicks(from: number, to: number, most: number): Tick[] {
  const month = (at: number) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth()
  const months = month(to) - month(from)
  const step = MONTHS.find((each) => months / each <= most) ?? Math.ceil(months / most)
  const ticks: Tick[] = []
  for (let index = Math.ceil(month(from) / step) * step; index <= month(to); index += step) {
    const value = Date.UTC(Math.floor(index / 12), index % 12)
    if (value < from) continue
    const year = Math.floor(index / 12)
    ticks.push({ value, text: index % 12 === 0 ? String(year) : MONTH_NAMES[index % 12]! })
  }
  return ticks
}
