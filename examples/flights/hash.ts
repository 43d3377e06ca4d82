/**
 * Spreads the bits of a 32-bit integer: equal inputs give equal outputs, neighbours give unrelated ones.
 * Source: the 32-bit finaliser of MurmurHash3 (Austin Appleby, 2011).
 */
export function hash32(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Hashes UTF-16 code units to 32 bits. Source: FNV-1a (Fowler, Noll, Vo), finished with `hash32`. */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return hash32(h)
}
