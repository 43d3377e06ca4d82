const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `2001-03-12 02:00`, in UTC. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

/** The two largest units: `3 d 4 h`, `2 h`, `14 min`, `20 s`. */
export function durationText(ms: number): string {
  const size = Math.abs(ms)
  const sign = ms < 0 ? '−' : ''
  if (size < MINUTE_MS) return `${sign}${Math.round(size / 1000)} s`
  if (size < HOUR_MS) return `${sign}${Math.round(size / MINUTE_MS)} min`
  const minutes = Math.round(size / MINUTE_MS)
  if (size < DAY_MS) return sign + joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(size / HOUR_MS)
  return sign + joined(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** Three significant digits, or a dash where there is nothing. */
export function numberText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–'
  const digits = Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
  return digits.replace('-', '−')
}

/** Thousands apart. */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
