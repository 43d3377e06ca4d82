import type { CompiledReference } from '../detectors/compiled-reference.ts'
import { judgeEstimateError } from '../detectors/estimate-error.ts'
import { judgeLabelDrift } from '../detectors/label-drift.ts'
import type { TestOptions } from '../detectors/options.ts'
import { judgePerformance } from '../detectors/performance.ts'
import type { Finding } from '../events/finding.ts'
import type { PerformanceCounts, Reference } from '../sketches/types.ts'
import { judgedOutcomes, type WindowStore } from '../windows/window-store.ts'
import { judgeLabelArrival } from './judge-label-arrival.ts'
import { type CountedWindow, inWindow, judgeable, type TestCount } from './judged-windows.ts'
import { type KeptLooks, lookAt } from './kept-looks.ts'

/** What the windows of outcomes say, of every length. */
export type OutcomeFindings = {
  readonly performance: Finding[]
  /** The labels themselves: how they lie, how many predictions they reach, and after what time. */
  readonly label: Finding[]
  /** How far estimates of the past were off. */
  readonly estimates: Finding[]
}

/**
 * Judges every window of outcomes whose labels are complete against the reference; one that stands still
 * keeps what it showed.
 * @param first windows that reach back before it are not judged, epoch ms
 * @param labelDelayMs how much earlier than the panes that close these windows end
 */
export function judgeOutcomes(
  reference: Reference,
  compiled: CompiledReference,
  { store, looks }: { readonly store: WindowStore; readonly looks: KeptLooks },
  first: number,
  labelDelayMs: number,
  options: TestOptions,
): OutcomeFindings & TestCount {
  const found: OutcomeFindings = { performance: [], label: [], estimates: [] }
  const known = reference.performance
  if (known === null) return { ...found, tests: 0 }
  const windows = judgedOutcomes(store)
  const [base] = windows
  const isBaseLonger = base !== undefined && base.toMs - base.fromMs > store.paneMs
  const counted = judgeable(windows, first, known.n, ({ performance }) => performance.n)
  let tests = 0
  for (const window of counted) {
    const judge = () => judgeWindow(known, reference, compiled, window, options)
    const standsStill = window.level > 0 && isBaseLonger
    const { shown, isJudged } = standsStill
      ? lookAt(looks, `outcomes ${window.level}`, window, window.sketch.performance.n, judge)
      : { shown: judge(), isJudged: true }
    found.performance.push(...shown.performance)
    found.label.push(...shown.label)
    found.estimates.push(...shown.estimates)
    if (isJudged) tests += shown.performance.length + shown.label.length + shown.estimates.length
  }
  const arrival = judgeLabelArrival(counted, reference, compiled, labelDelayMs, options)
  found.label.push(...arrival)
  return { ...found, tests: tests + arrival.length }
}

function judgeWindow(
  known: PerformanceCounts,
  { classes }: Reference,
  { paneMs, outcomes, metrics, labels, calibration }: CompiledReference,
  window: CountedWindow,
  options: TestOptions,
): OutcomeFindings {
  const counts = window.sketch.performance
  const windowMs = window.toMs - window.fromMs
  const windows = windowMs / (paneMs ?? windowMs)
  const scatter = { byMetric: outcomes, windows }
  const ofLabels = labels && { ...labels, windows }
  return {
    performance: inWindow(window, judgePerformance(known, counts, options, scatter, metrics)),
    label: inWindow(window, judgeLabelDrift(known, counts, options, classes?.categories, ofLabels)),
    estimates: calibration === null ? [] : inWindow(window, judgeEstimateError(counts, calibration, options)),
  }
}
