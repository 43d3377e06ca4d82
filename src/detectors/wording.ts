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
