const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/**
 * Milliseconds of a duration such as `500ms`, `5s`, `10m`, `1h`, `7d`; null for anything else. A bare number
 * is refused: nobody can see its unit.
 */
export function parseDuration(text: unknown): number | null {
  if (typeof text !== 'string') return null
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text)
  if (match === null) return null
  const ms = Number(match[1]) * UNIT_MS.get(match[2]!)!
  return Number.isSafeInteger(ms) ? ms : null
}

/** The shortest text that `parseDuration` reads back as `ms`, a whole number, 0 or more. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  const [unit, unitMs] = [...UNIT_MS].filter(([, candidateMs]) => ms % candidateMs === 0).at(-1)!
  return `${ms / unitMs}${unit}`
}
