const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
/** Where the sign and the exponent lie. */
const HIGH = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0

/** The cell of x, linear in x, between 0 and `cellMax`. Never falls as x rises; NaN has none. */
export function linearCell(x: number, origin: number, scale: number, cellMax: number): number {
  const cell = (x - origin) * scale
  return cell < 0 ? 0 : cell > cellMax ? cellMax : cell | 0
}

/** The cell of x, linear in its high word, between 0 and `cellMax`. Never falls as x rises. */
export function bitsCell(x: number, origin: number, shift: number, cellMax: number): number {
  // The difference may take 32 bits: only an unsigned shift keeps it.
  const distance = orderedHighWord(x) - origin
  return distance < 0 ? 0 : Math.min(cellMax, distance >>> shift)
}

/**
 * The upper 32 bits of a double, ordered as the doubles are: negative ones are stored by magnitude, so
 * their bits turn around. Both zeros are one.
 */
export function orderedHighWord(x: number): number {
  double[0] = x + 0
  const word = words[HIGH]!
  return word ^ ((word >> 31) & 0x7fff_ffff)
}
