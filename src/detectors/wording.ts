/** Numbers as people read them in a message: three significant digits, shares in percent. */

/** 0.3101 → `31.0 %`; a share that would read 0.0 % without being 0 keeps two digits. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'an unknown share'
  const value = 100 * share
  if (value === 0 || Math.abs(value) >= 0.1) return `${value.toFixed(1)} %`
  return `${Number(value.toPrecision(2))} %`
}

/** Three significant digits, or all digits before the point: 0.4321 → `0.432`, 51234.5 → `51235`. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return '0'
  const magnitude = Math.abs(value)
  if (magnitude >= 1e15) return value.toExponential(2)
  return magnitude >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

const LAPSES = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
] as const

/** A time in the largest unit that it fills: 5_400_000 → `1.5 h`. */
export function lapse(ms: number): string {
  const { unit, ms: unitMs } = LAPSES.find((one) => ms >= one.ms) ?? { unit: 's', ms: 1000 }
  return `${decimal(ms / unitMs)} ${unit}`
}
