/**
 * How long a receiver wants to be left alone, in ms: `Retry-After` as whole seconds or as a date (RFC 9110,
 * 10.2.3). A date that is over means now; null where nothing was said, or nothing that can be read.
 * @param now epoch ms
 */
export function waitOf(retryAfter: string | null, now: number): number | null {
  const text = retryAfter?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  // A date names its day, with letters; what else Date.parse takes (`-5`, `1.5`) is none.
  if (!/^[A-Z][a-z]{2}/.test(text)) return null
  const until = Date.parse(text)
  return Number.isNaN(until) ? null : Math.max(0, until - now)
}
