import { areaUnderCurve } from '../statistics/auc.ts'
import type { Estimate } from '../statistics/mean-with-error.ts'
import { cellTotal } from './cells.ts'
import { exactTotal } from './exact-sum.ts'
import { delayCellsWithin, delayCut, delaysWithin, labelsAfter } from './label-delays.ts'
import { lossTotal } from './loss-sum.ts'
import { ERROR_SUMS, LOSS_SUMS } from './outcome-layout.ts'
import type { OutcomePanes } from './reference-panes.ts'
import type { PaneSketch, PerformanceCounts } from './types.ts'

const NONE = new Float64Array(0)

/**
 * What became of the predictions of each window; a window that is not held whole counts nothing.
 * @param performance of the reference: its delays say which of a window's are late
 * @param labelDelayMs how long labels were waited for
 */
export function outcomePanes(
  performance: PerformanceCounts,
  labelDelayMs: number,
  windows: readonly (PaneSketch | null)[],
): OutcomePanes {
  const { task } = performance
  const each = (read: (counts: PerformanceCounts) => number): Float64Array =>
    Float64Array.from(windows, (window) => (window === null ? 0 : read(window.performance)))
  const regression = task === 'regression'
  const ranked = windows.map((window) => (window === null ? null : areaOf(window.performance)))
  const loss = (sum: number) => (regression ? NONE : each(({ sums }) => lossTotal(sums, sum)))
  const error = (read: (sums: Float64Array) => number) => (regression ? each(({ sums }) => read(sums)) : NONE)
  return {
    n: each(({ n }) => n),
    scored: regression ? NONE : each(({ scored }) => scored),
    correct: regression ? NONE : each(({ correct }) => correct),
    positives:
      task === 'binary' ? each(({ truePositives, falseNegatives }) => truePositives + falseNegatives) : NONE,
    logLoss: loss(LOSS_SUMS.logLoss),
    brier: loss(LOSS_SUMS.brier),
    absolute: error((sums) => exactTotal(sums, ERROR_SUMS.over) + exactTotal(sums, ERROR_SUMS.under)),
    squared: error((sums) => exactTotal(sums, ERROR_SUMS.squared)),
    label: error(
      (sums) => exactTotal(sums, ERROR_SUMS.labelPositive) - exactTotal(sums, ERROR_SUMS.labelNegative),
    ),
    ...delayPanes(performance, labelDelayMs, each),
    auc: task === 'binary' ? Float64Array.from(ranked, (area) => area?.value ?? 0) : NONE,
    aucError: task === 'binary' ? Float64Array.from(ranked, (area) => area?.standardError ?? 0) : NONE,
  }
}

type EachPane = (read: (counts: PerformanceCounts) => number) => Float64Array

/** Labels that came in time and those later than the reference's own quantiles. */
function delayPanes(
  performance: PerformanceCounts,
  labelDelayMs: number,
  each: EachPane,
): Pick<OutcomePanes, 'delayed' | 'afterMedian' | 'afterMost'> {
  const cells = delayCellsWithin(labelDelayMs)
  const known = cells === 0 || performance.delays.length === 0 ? null : delaysWithin(performance, cells)
  if (known === null) return { delayed: NONE, afterMedian: NONE, afterMost: NONE }
  const after = (cut: number): Float64Array =>
    cut === 0 ? each(() => 0) : each(({ delays }) => labelsAfter(delays.subarray(0, cells), cut))
  return {
    delayed: each(({ delays }) => cellTotal(delays.subarray(0, cells))),
    afterMedian: after(delayCut(known, 0.5)),
    afterMost: after(delayCut(known, 0.9)),
  }
}

/** Fewer values of a class make an area that no normal law fits. */
const AREA_CLASS_MIN = 10

/** Null for what is not binary: of several classes a window may lack one, and the mean over the rest is another. */
function areaOf({ joint, task }: PerformanceCounts): Estimate | null {
  if (task !== 'binary') return null
  let [negatives, positives] = [0, 0]
  for (let cell = 0; cell < joint.length; cell += 2) {
    negatives += joint[cell]!
    positives += joint[cell + 1]!
  }
  return Math.min(negatives, positives) < AREA_CLASS_MIN ? null : areaUnderCurve(joint)
}
