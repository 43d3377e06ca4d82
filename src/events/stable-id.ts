/** FNV-1a, 64 bits, in two unsigned halves: a reference's content is a long text, and BigInt is slow. */
const OFFSET_BASIS_HIGH = 0xcbf29ce4
const OFFSET_BASIS_LOW = 0x84222325
/** The prime is 2^40 + 0x1b3: one small product and one shift. */
const PRIME_LOW = 0x1b3
const TWO_TO_32 = 4_294_967_296

/**
 * FNV-1a 64 of a byte sequence, as 16 hex digits.
 * Source: Fowler, Noll, Vo, draft-eastlake-fnv; its test vectors are in the unit test.
 */
export function fnv1a64(bytes: Uint8Array): string {
  let high = OFFSET_BASIS_HIGH
  let low = OFFSET_BASIS_LOW
  for (const byte of bytes) {
    const mixed = (low ^ byte) >>> 0
    const product = mixed * PRIME_LOW
    high = (Math.imul(high, PRIME_LOW) + (mixed << 8) + Math.floor(product / TWO_TO_32)) >>> 0
    low = product >>> 0
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}

/**
 * The same id for the same parts, on every machine and in every replay: 16 hex digits.
 * A number and its decimal text are different parts, and so are ('a', 'bc') and ('ab', 'c').
 * It recognises repeats; it is no defence against someone who searches for a collision.
 */
export function stableId(...parts: readonly (string | number)[]): string {
  return fnv1a64(encodedParts(parts))
}

/** Each part as kind, length and UTF-16 code units (not UTF-8: a lone surrogate must keep its identity). */
function encodedParts(parts: readonly (string | number)[]): Uint8Array {
  let text = ''
  for (const part of parts) {
    const value = String(part)
    text += `${typeof part === 'number' ? 'n' : 's'}${value.length}:${value}`
  }
  const bytes = new Uint8Array(2 * text.length)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    bytes[2 * index] = unit & 0xff
    bytes[2 * index + 1] = unit >>> 8
  }
  return bytes
}
