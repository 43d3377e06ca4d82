import type { CompiledReference } from '../detectors/compiled-reference.ts'
import { judgeLabelCoverage } from '../detectors/label-coverage.ts'
import { type DelaysBefore, judgeLabelDelay } from '../detectors/label-delay.ts'
import type { TestOptions } from '../detectors/options.ts'
import type { Finding } from '../events/finding.ts'
import { delayCellsWithin, delaysWithin } from '../sketches/label-delays.ts'
import type { PerformanceCounts, Reference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import { type CountedWindow, inWindow } from './judged-windows.ts'

/** Predictions of a stretch of panes, their labels, and how many of these came within so many cells. */
interface Arrivals {
  readonly predictions: number
  readonly labelled: number
  /** Null where the delay of some label is not known. */
  readonly delays: Float64Array | null
}

/**
 * How labels reach the predictions of the base window: how many, and after what time.
 *
 * A pane that ended long ago has had time for slow labels, one that ended just now has not. So what is
 * compared is what came within the label delay, which every judged pane has had: of a later label nothing
 * is said, on either side. Delays are compared with the reference's where it knows them, else with what the
 * longest window holds beside the base; coverage always with that.
 * @param labelDelayMs what the windows end early by
 */
export function judgeLabelArrival(
  windows: readonly CountedWindow[],
  reference: Reference,
  { delays: scatter }: CompiledReference,
  labelDelayMs: number,
  options: TestOptions,
): Finding[] {
  const base = windows[0]
  if (base === undefined) return []
  const cells = delayCellsWithin(labelDelayMs)
  const now = arrivalsOf(base, cells)
  const past = pastBeside(windows, cells)
  const coverage =
    past === null
      ? []
      : judgeLabelCoverage(
          ...comparable(now, past),
          options,
          now.delays === null || past.delays === null ? null : labelDelayMs,
        )
  const known = delaysOfReference(reference, labelDelayMs)
  const before: DelaysBefore | null =
    known !== null
      ? { ...known, scatter, name: 'in the reference' }
      : past === null || past.delays === null
        ? null
        : { cells: past.delays, scatter: null, name: 'in the time before' }
  const shared = before?.cells.length ?? 0
  const delays =
    before === null || now.delays === null
      ? []
      : judgeLabelDelay(now.delays.subarray(0, shared), before, options)
  return inWindow(base, [...coverage, ...delays])
}

/** Of the reference, those that it waited for as well: null where it knows none. */
function delaysOfReference(
  { performance, labelDelayMs: waitedMs }: Reference,
  labelDelayMs: number,
): Pick<DelaysBefore, 'cells'> | null {
  if (performance === null || waitedMs === undefined || performance.delays.length === 0) return null
  const cells = delaysWithin(performance, delayCellsWithin(Math.min(labelDelayMs, waitedMs)))
  return cells === null ? null : { cells }
}

/** What the longest window holds beside the base; null where none is longer. */
function pastBeside(windows: readonly CountedWindow[], cells: number): Arrivals | null {
  const base = windows[0]
  const longest = windows.at(-1)
  if (base === undefined || longest === undefined || longest.fromMs >= base.fromMs) return null
  const all = arrivalsOf(longest, cells)
  // Where the base slides from pane to pane, the longer ones end before it: no window is less than all of it.
  if (longest.toMs < base.toMs) return all
  const now = arrivalsOf(base, cells)
  return {
    predictions: all.predictions - now.predictions,
    labelled: all.labelled - now.labelled,
    delays:
      all.delays === null || now.delays === null
        ? null
        : all.delays.map((count, cell) => count - now.delays![cell]!),
  }
}

function arrivalsOf({ sketch }: CountedWindow, cells: number): Arrivals {
  const { events, performance } = sketch
  const delays = cells === 0 ? null : delaysOf(performance, cells)
  return { predictions: events, labelled: performance.n, delays }
}

/** As many cells for a window without a label as for any other. */
function delaysOf(performance: PerformanceCounts, cells: number): Float64Array | null {
  const own = delaysWithin(performance, cells)
  if (own === null) return null
  const counts = new Float64Array(cells)
  counts.set(own)
  return counts
}

/** Labels that came in time on both sides, or all of them where one does not know which did. */
function comparable(now: Arrivals, past: Arrivals) {
  const known = now.delays !== null && past.delays !== null
  const side = ({ predictions, labelled, delays }: Arrivals) => ({
    predictions,
    labelled: known ? total(delays!) : labelled,
  })
  return [side(now), side(past)] as const
}
