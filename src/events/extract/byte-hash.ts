const MULTIPLIER = 0x9e3779b1 | 0

/** Which bytes of a word belong to a tail of 1 to 3 bytes; the lowest byte is the first. */
export function tailMask(count: number): number {
  return (1 << (8 * count)) - 1
}

/** A hash of the bytes from `start` to `end`, four at once. Not for those who look for collisions. */
export function hashBytes(view: DataView, start: number, end: number, seed: number): number {
  let hash = seed
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), MULTIPLIER)
    hash ^= hash >>> 15
  }
  if (at < end) hash = Math.imul(hash ^ (view.getInt32(at, true) & tailMask(end - at)), MULTIPLIER)
  return hash ^ (hash >>> 13)
}
