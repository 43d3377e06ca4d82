import type { ClassicName } from '../../../src/detectors/classics/index.ts'
import { KSWIN_DEFAULTS, type KswinOptions } from '../../../src/detectors/classics/kswin.ts'
import { ksOfEqualSamples } from '../../../src/statistics/ks-of-equal-samples.ts'

/**
 * KSWIN compares thirty values with thirty, so its distances are thirtieths and few levels make a difference:
 * the dial is the thirtieths that its newest values must lie from the older ones.
 */
export const KSWIN_DIAL = {
  tuned: 'thirtieths of distance',
  from: 6,
  to: 30,
  settle: Math.round,
  options: (steps: number): Partial<KswinOptions> => ({ alpha: levelOf(steps) }),
}

/** The p-value of a distance of so many thirtieths, with room for rounding. */
function levelOf(steps: number): number {
  const size = KSWIN_DEFAULTS.statSize
  const first = Array.from({ length: size }, (_, at) => at)
  const second = first.map((value) => value + steps - 0.5)
  return ksOfEqualSamples(first, second).pValue * (1 + 1e-9)
}

/** What a detector sees of the values before the watch: all, of which KSWIN would forget all but its window. */
export function seenBefore<Values extends Uint8Array | Float64Array>(
  name: ClassicName,
  values: Values,
): Values {
  return (name === 'kswin' ? values.subarray(-KSWIN_DEFAULTS.windowSize) : values) as Values
}
