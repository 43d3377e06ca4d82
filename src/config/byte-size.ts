const UNIT_BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
])

/**
 * Bytes of a size such as `512KiB` or `64MiB`; null for anything else. A bare number is refused: nobody can
 * see its unit.
 */
export function parseByteSize(text: unknown): number | null {
  if (typeof text !== 'string') return null
  const match = /^(\d+)(B|KiB|MiB|GiB)$/.exec(text)
  if (match === null) return null
  const bytes = Number(match[1]) * UNIT_BYTES.get(match[2]!)!
  return Number.isSafeInteger(bytes) ? bytes : null
}
