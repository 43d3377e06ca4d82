import { noncentralityNeeded, sampleForScale, standardErrorsNeeded } from './power.ts'

/** How long a change of one size stays unseen. */
export interface ExpectedDelay {
  /** Shift of a feature in standard deviations, or rise of the error rate as a share. */
  readonly change: number
  /** Values of the changed stream that show it with power 0.8; null where the reference is too small. */
  readonly sample: number | null
  /** The shortest judged window that holds them, ms; null where none does or the rate is not known. */
  readonly windowMs: number | null
}

/** The sizes people ask about; 0.32 deviations are the PSI of 0.1 that counts as drift. */
const SHIFTS = [0.1, 0.2, 0.4, 0.8]
const ERROR_RISES = [0.02, 0.05, 0.1, 0.2]

/**
 * Delays of a shift of a bell-shaped feature, by the omnibus at level `alpha` against m values: a window of
 * the changed stream sees it when the noncentrality N_e × shift² is what the level needs. By simulation the
 * first alarm comes at about this window's end; a window that is only partly changed may come before it.
 */
export function shiftDelays(
  alpha: number,
  m: number,
  windowsMs: readonly number[],
  valuesPerMs: number | null,
): ExpectedDelay[] {
  return SHIFTS.map((shift) =>
    delayed(shift, sampleForScale(shift ** 2 / noncentralityNeeded(alpha), m), windowsMs, valuesPerMs),
  )
}

/** The same of a rise of the error rate from `rate`, by the binomial test of every window. */
export function errorDelays(
  alpha: number,
  m: number,
  rate: number,
  windowsMs: readonly number[],
  valuesPerMs: number | null,
): ExpectedDelay[] {
  return ERROR_RISES.filter((rise) => rate + rise < 1).map((rise) => {
    const middle = rate + rise / 2
    const scale = rise ** 2 / (standardErrorsNeeded(alpha) ** 2 * middle * (1 - middle))
    return delayed(rise, sampleForScale(scale, m), windowsMs, valuesPerMs)
  })
}

function delayed(
  change: number,
  sample: number,
  windowsMs: readonly number[],
  valuesPerMs: number | null,
): ExpectedDelay {
  if (!Number.isFinite(sample)) return { change, sample: null, windowMs: null }
  const windowMs = valuesPerMs === null ? undefined : windowsMs.find((ms) => ms * valuesPerMs >= sample)
  return { change, sample, windowMs: windowMs ?? null }
}
