import type { CompiledReference } from '../detectors/compiled-reference.ts'
import { judgeEstimateError } from '../detectors/estimate-error.ts'
import { judgeLabelCoverage } from '../detectors/label-coverage.ts'
import { judgeLabelDrift } from '../detectors/label-drift.ts'
import type { TestOptions } from '../detectors/options.ts'
import { judgePerformance } from '../detectors/performance.ts'
import type { Finding } from '../events/finding.ts'
import type { Reference } from '../sketches/types.ts'
import { judgedOutcomes, type WindowStore } from '../windows/window-store.ts'
import { type CountedWindow, inWindow, judgeable } from './judged-windows.ts'

/** What the windows of outcomes say, of every length. */
export interface OutcomeFindings {
  readonly performance: Finding[]
  /** The labels themselves: how they lie, and how many predictions they reach. */
  readonly label: Finding[]
  /** How far estimates of the past were off. */
  readonly estimates: Finding[]
}

/**
 * Judges every window of outcomes whose labels are complete against the reference.
 * @param first windows that reach back before it are not judged, epoch ms
 */
export function judgeOutcomes(
  reference: Reference,
  compiled: CompiledReference,
  store: WindowStore,
  first: number,
  options: TestOptions,
): OutcomeFindings {
  const found: OutcomeFindings = { performance: [], label: [], estimates: [] }
  const known = reference.performance
  if (known === null) return found
  const classes = reference.classes?.categories
  const windows = judgedOutcomes(store)
  const counted = judgeable(windows, first, known.n, ({ performance }) => performance.n)
  for (const window of counted) {
    const outcomes = window.sketch.performance
    const paneMs = compiled.paneMs ?? window.toMs - window.fromMs
    const scatter = { byMetric: compiled.outcomes, windows: (window.toMs - window.fromMs) / paneMs }
    found.performance.push(...inWindow(window, judgePerformance(known, outcomes, options, scatter)))
    const labels = judgeLabelDrift(known, outcomes, options, classes, compiled.positives)
    found.label.push(...inWindow(window, labels))
    if (compiled.calibration !== null) {
      found.estimates.push(...inWindow(window, judgeEstimateError(outcomes, compiled.calibration, options)))
    }
  }
  found.label.push(...judgeCoverage(counted, options))
  return found
}

/** The base window against what the longest holds beside it. */
function judgeCoverage(windows: readonly CountedWindow[], options: TestOptions): Finding[] {
  const base = windows[0]
  const longest = windows.at(-1)
  if (base === undefined || longest === undefined || longest.fromMs >= base.fromMs) return []
  // Where the base slides from pane to pane, the longer ones end before it: no window is less than all of it.
  const overlaps = longest.toMs >= base.toMs
  const now = { labelled: base.sketch.performance.n, predictions: base.sketch.events }
  const all = { labelled: longest.sketch.performance.n, predictions: longest.sketch.events }
  const before = overlaps
    ? { labelled: all.labelled - now.labelled, predictions: all.predictions - now.predictions }
    : all
  return inWindow(base, judgeLabelCoverage(now, before, options))
}
