import { DriftstreamError } from '../errors/driftstream-error.ts'

/**
 * The x between `low` and `high` at which a rising function reaches `target`, to a relative 1e-9.
 *
 * @throws STATE_IMPOSSIBLE when the target does not lie between the function's values at the ends
 */
export function bisectRising(
  rising: (x: number) => number,
  target: number,
  low: number,
  high: number,
): number {
  if (!(rising(low) <= target && rising(high) >= target)) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected ${target} between the values at ${low} and ${high}`,
    )
  }
  let from = low
  let to = high
  while (to - from > 1e-9 * Math.max(1, Math.abs(to))) {
    const middle = (from + to) / 2
    if (rising(middle) < target) from = middle
    else to = middle
  }
  return (from + to) / 2
}
