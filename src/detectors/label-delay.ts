import type { Finding } from '../events/finding.ts'
import { delayCellEnds, delayCut, labelsAfter } from '../sketches/label-delays.ts'
import type { CellCounts } from '../sketches/types.ts'
import { rateDifference } from '../statistics/binomial-rates.ts'
import { total } from '../statistics/count-totals.ts'
import { quantileBounds } from '../statistics/quantile-bounds.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import { smallestRise } from './power.ts'
import { type RatePanes, ratesDesignEffect, scatteredRate } from './rate-scatter.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { lapse } from './wording.ts'

/** The delays that are compared: half of the labels come within the one, nine of ten within the other. */
export const DELAY_QUANTILES = [
  { statistic: 'median-delay', share: 0.5, within: 'half' },
  { statistic: 'p90-delay', share: 0.9, within: 'nine of ten' },
] as const

export type DelayStatistic = (typeof DELAY_QUANTILES)[number]['statistic']

/** Labels later than that quantile of the reference's, in each of its windows. */
export type DelayScatter = Readonly<Record<DelayStatistic, RatePanes>>

/** What is compared with, and its name in a sentence. */
export interface DelaysBefore {
  readonly cells: CellCounts
  readonly scatter: DelayScatter | null
  readonly name: 'in the reference' | 'in the time before'
}

/**
 * Do labels take as long as they took? Two findings: of the time within which half of the labels come, and
 * nine of ten. Counts are of the same cells on both sides, all of them over by the time that every pane has
 * had: of a window that ended just now only quick labels are known, so those that came in that time are
 * compared with those that came in that time (labels that did not are what coverage tells).
 *
 * The p-value, two-sided, is Fisher's exact one of the labels on either side of that quantile of both
 * sides together: where the law of delays is one, which side a label is of does not depend on where it lies,
 * so the test is exact for any law, ties and cells included. Where the reference's windows scatter more, the
 * F law of as many windows decides, if it is larger.
 * Verdict by `verdictOf` on the logarithm of the ratio of the two delays against that of
 * `labelDelayChange`, in both directions; its bounds hold the ends of cells (`quantileBounds`), so a ratio is
 * never told too large. No finding without labels on a side.
 * Source: Mood, Introduction to the Theory of Statistics (1950), the median test.
 */
export function judgeLabelDelay(now: CellCounts, before: DelaysBefore, options: TestOptions): Finding[] {
  const [n, m] = [total(now), total(before.cells)]
  if (n === 0 || m === 0) return []
  return DELAY_QUANTILES.map(({ statistic, share, within }) => {
    const panes = before.scatter?.[statistic] ?? null
    const { pValue, basis } = delayTest(now, before.cells, share, panes)
    const worth = ratesDesignEffect(panes)
    const ratio = delayRatio(now, before.cells, share, worth)
    const { lower, upper } = ratio
    const threshold = Math.log(options.labelDelayChange)
    const evidence = {
      n,
      m,
      pValue,
      effect: Math.abs(Math.log(ratio.value / ratio.referenceValue)),
      effectLower: Math.max(lower, -upper),
      effectUpper: Math.max(upper, -lower),
      threshold,
      resolution: smallestDelayChange(before.cells, share, n / worth, m / worth, options.alpha),
    }
    return findingOf({
      detector: 'label-delay',
      subject: 'label',
      statistic,
      verdict: verdictOf(evidence, options),
      value: ratio.value,
      referenceValue: ratio.referenceValue,
      pValue,
      effectLower: lower,
      effectUpper: upper,
      threshold,
      n,
      m,
      alpha: options.alpha,
      null: basis,
      message: `${within} of ${n} labels come within ${lapse(ratio.value)}, ${lapse(ratio.referenceValue)} ${before.name}`,
      measures: [
        {
          statistic: 'delay-ratio',
          value: ratio.value / ratio.referenceValue,
          lower: Math.exp(lower),
          upper: Math.exp(upper),
        },
      ],
    })
  })
}

function delayTest(now: CellCounts, before: CellCounts, share: number, panes: RatePanes | null) {
  const together = Float64Array.from(before, (count, cell) => count + now[cell]!)
  const cut = delayCut(together, share)
  const [n, m] = [total(now), total(before)]
  // All labels in one cell: there is nothing to tell apart.
  const [later, laterBefore] = cut === 0 ? [0, 0] : [labelsAfter(now, cut), labelsAfter(before, cut)]
  return scatteredRate(rateDifference(later, n, laterBefore, m, EFFECT_CONFIDENCE), { n, m }, panes)
}

interface DelayRatio {
  /** The middle of the quantile's cell, ms. */
  readonly value: number
  readonly referenceValue: number
  /** Bounds of the logarithm of the ratio, 99 % each; infinite where a side is open. */
  readonly lower: number
  readonly upper: number
}

/** @param worth how many labels say as much as one independent one */
function delayRatio(now: CellCounts, before: CellCounts, share: number, worth: number): DelayRatio {
  // Each of two bounds may fail half as often, so both hold together as often as one is asked to.
  const confidence = (1 + EFFECT_CONFIDENCE) / 2
  const own = quantileBounds(now, share, confidence, worth)!
  const other = quantileBounds(before, share, confidence, worth)!
  return {
    value: middleOf(own.cell),
    referenceValue: middleOf(other.cell),
    lower: Math.log(delayCellEnds(own.first).lower / delayCellEnds(other.last).upper),
    upper: Math.log(delayCellEnds(own.last).upper / delayCellEnds(other.first).lower),
  }
}

/**
 * The smallest change of a delay, as the logarithm of its ratio, that n labels against m see at level `alpha`
 * with power 0.8: as far as the reference's delays go in the share of labels that must change sides.
 * Infinity where more would have to than there are.
 */
export function smallestDelayChange(
  before: CellCounts,
  share: number,
  n: number,
  m: number,
  alpha: number,
): number {
  const moved = smallestRise(alpha, n, m, Math.min(share, 1 - share))
  const logAt = (at: number): number => Math.log(middleOf(quantileCell(before, at)))
  if (!(moved < share && share + moved < 1)) return Number.POSITIVE_INFINITY
  return Math.max(logAt(share + moved) - logAt(share), logAt(share) - logAt(share - moved))
}

function quantileCell(cells: CellCounts, share: number): number {
  const all = total(cells)
  let below = 0
  for (let cell = 0; cell < cells.length; cell++) {
    below += cells[cell]!
    if (below > 0 && below >= share * all) return cell
  }
  return cells.length - 1
}

/** The last cell is open: its lower end says what is known of it. */
function middleOf(cell: number): number {
  const { lower, upper } = delayCellEnds(cell)
  return Number.isFinite(upper) ? (lower + upper) / 2 : lower
}
