const double = new Float64Array(1)
const words = new Int32Array(double.buffer)
/** Of the two words of a double the one in which the sign and the exponent lie. */
export const HIGH_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0

/** The cell of x, linear in x, between 0 and `cellMax`. Never falls as x rises; NaN has cell 0. */
export function linearCell(x: number, origin: number, scale: number, cellMax: number): number {
  // Without branches: which values lie outside the mapped stretch nobody can predict.
  return Math.min(cellMax, Math.max(0, (x - origin) * scale)) | 0
}

/** The cell of a double with this high word, linear in it, from 0 to `cellMax`. Never falls as x rises. */
export function wordCell(highWord: number, origin: number, shift: number, cellMax: number): number {
  // The difference may take 32 bits: only an unsigned shift keeps it.
  const distance = (Math.max(orderedWord(highWord), origin) - origin) | 0
  return Math.min(cellMax, distance >>> shift)
}

/** The cell of x by its high word; -0 may lie in an earlier cell than 0. */
export function bitsCell(x: number, origin: number, shift: number, cellMax: number): number {
  return wordCell(highWord(x), origin, shift, cellMax)
}

/**
 * The upper 32 bits of a double, ordered as the doubles are: negative ones are stored by magnitude, so
 * their bits turn around.
 */
export function orderedHighWord(x: number): number {
  return orderedWord(highWord(x))
}

function highWord(x: number): number {
  double[0] = x
  return words[HIGH_WORD]!
}

function orderedWord(word: number): number {
  return word ^ ((word >> 31) & 0x7fff_ffff)
}
