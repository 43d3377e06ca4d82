/**
 * Fixed bins for signed numbers of any scale: 16 an octave on both sides of zero, the same for every model,
 * so that histograms of errors and labels merge without agreeing on anything first.
 *
 * A bin is between 1/16 and 1/32 as wide as its values: its middle is within 3.2 % of each of them. What is
 * nearer to zero than 2^-24 (6e-8) has the bin in the middle; what is from 2^32 (4e9) on is in the last one.
 */
const BINS_PER_OCTAVE = 16
const LOWEST_OCTAVE = -24
const HIGHEST_OCTAVE = 32

/** Bins of one sign. */
const MAGNITUDE_BINS = BINS_PER_OCTAVE * (HIGHEST_OCTAVE - LOWEST_OCTAVE)
/** Negative bins, largest magnitude first; zero; positive bins. */
export const SIGNED_BINS = 2 * MAGNITUDE_BINS + 1
const ZERO = MAGNITUDE_BINS

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const HIGH_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0

/** The bin of a number that is not NaN. */
export function signedBin(value: number): number {
  double[0] = value
  const high = words[HIGH_WORD]!
  // Exponent and the first four bits of the fraction: octave and bin within it, as they stand.
  const magnitude = ((high & 0x7fff_ffff) >>> 16) - BINS_PER_OCTAVE * (1023 + LOWEST_OCTAVE)
  if (magnitude < 0) return ZERO
  const bin = magnitude < MAGNITUDE_BINS ? magnitude : MAGNITUDE_BINS - 1
  return value < 0 ? ZERO - 1 - bin : ZERO + 1 + bin
}

/** The two ends of a bin; the last bins end where their octave would. */
export function signedBinEnds(bin: number): { lower: number; upper: number } {
  const near = 2 ** LOWEST_OCTAVE
  if (bin === ZERO) return { lower: -near, upper: near }
  const magnitude = bin > ZERO ? bin - ZERO - 1 : ZERO - 1 - bin
  const scale = 2 ** (LOWEST_OCTAVE + Math.floor(magnitude / BINS_PER_OCTAVE))
  const lower = scale * (1 + (magnitude % BINS_PER_OCTAVE) / BINS_PER_OCTAVE)
  const upper = lower + scale / BINS_PER_OCTAVE
  return bin > ZERO ? { lower, upper } : { lower: -upper, upper: -lower }
}

/** Counts of magnitudes from those of signed values: still one cell a signed bin, the negative ones empty. */
export function foldedBins(cells: Uint32Array): Float64Array {
  const folded = new Float64Array(cells.length)
  for (let bin = 0; bin < cells.length; bin++) {
    const at = bin < ZERO ? 2 * ZERO - bin : bin
    folded[at] = folded[at]! + cells[bin]!
  }
  return folded
}
