import type { LimbShape } from './limbs.ts'

/**
 * Sums of losses as whole numbers, so that they merge to the same bytes in any order: units of 2^-40, two
 * digits of base 2^52. Each loss is rounded once, by at most 2^-41 (5e-13), so a mean is off by no more.
 */
export const LOSS_SUM: LimbShape = { width: 2, base: 2 ** 52 }

const UNITS = 2 ** 40

/** Adds a loss from 0 to below 2^12 to the sum number `sum`. */
export function addLoss(limbs: Float64Array, sum: number, loss: number): void {
  const low = limbs[2 * sum]! + Math.floor(loss * UNITS + 0.5)
  if (low < LOSS_SUM.base) limbs[2 * sum] = low
  else {
    limbs[2 * sum] = low - LOSS_SUM.base
    limbs[2 * sum + 1] = limbs[2 * sum + 1]! + 1
  }
}

/** The sum number `sum`; 0 where nothing was counted. */
export function lossTotal(limbs: Float64Array, sum: number): number {
  return limbs.length === 0 ? 0 : limbs[2 * sum + 1]! * (LOSS_SUM.base / UNITS) + limbs[2 * sum]! / UNITS
}

/** A total that was summed elsewhere, as the digits of one sum. */
export function lossDigits(total: number): [low: number, high: number] {
  const whole = LOSS_SUM.base / UNITS
  const high = Math.floor(total / whole)
  const low = Math.floor((total - high * whole) * UNITS + 0.5)
  return low < LOSS_SUM.base ? [low, high] : [low - LOSS_SUM.base, high + 1]
}
