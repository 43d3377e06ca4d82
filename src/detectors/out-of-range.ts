import type { Finding } from '../events/finding.ts'
import type { NumericCounts, NumericReference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import type { TestOptions } from './options.ts'
import type { PaneScatter } from './pane-null.ts'
import { judgeRateRise } from './rate-rise.ts'
import { decimal } from './wording.ts'

/** A record high is no fault: it must leave the reference's range by a tenth of its width. */
const MARGIN = 0.1

/**
 * Looks for values that the reference's range does not explain; no finding for a reference without values.
 *
 * Counts cannot tell how many values lie beyond the reference's extremes, only how many lie in the outermost
 * bins and how far the furthest one reaches. So a side counts when the window's extreme leaves the range by
 * more than a tenth of the range, and then with its whole outermost bin: the share is an upper bound, and
 * what the reference has in that bin is taken off by the comparison. With no such side the share is 0.
 * @param scatter of the feature's values over the reference's windows, which that of far ones borrows
 */
export function judgeOutOfRange(
  feature: string,
  reference: NumericReference,
  window: NumericCounts,
  options: TestOptions,
  scatter: PaneScatter | null = null,
): Finding[] {
  const { min, max, bins } = reference.counts
  const m = total(bins)
  if (m === 0 || bins.length < 2) return []
  const margin = MARGIN * (max - min)
  const isBelow = window.min < min - margin
  const isAbove = window.max > max + margin
  const outermost = (counts: NumericCounts): number =>
    (isBelow ? counts.bins[0]! : 0) + (isAbove ? counts.bins.at(-1)! : 0)
  const reaches = [...(isBelow ? [decimal(window.min)] : []), ...(isAbove ? [decimal(window.max)] : [])]
  const range = `beyond the reference's range of ${decimal(min)} to ${decimal(max)}`
  return [
    judgeRateRise(
      feature,
      {
        statistic: 'out-of-range-rate',
        hits: outermost(window),
        n: total(window.bins),
        referenceHits: outermost(reference.counts),
        m,
        borrowed: scatter,
        phrase:
          reaches.length > 0
            ? `lies ${range} (it reaches ${reaches.join(' and ')}) in up to`
            : `lies ${range} in`,
      },
      options,
    ),
  ]
}
