import { subtractCells } from '../sketches/cells.ts'
import { cellsOf, clonePaneSketch, mergePaneSketch } from '../sketches/pane-sketch.ts'
import { OUTCOME_COUNTS, OUTCOME_SUMS } from '../sketches/performance-counts.ts'
import type { FeatureCounts, PaneSketch } from '../sketches/types.ts'

const NUMERIC_COUNTERS = ['missing', 'nan', 'infinite', 'wrongType'] as const
const CATEGORICAL_COUNTERS = ['missing', 'wrongType'] as const

/**
 * The counts of all panes in [fromMs, toMs), kept up to date by adding and taking out panes. That is exact
 * for whole numbers only: minima, maxima and sums of doubles are taken from the panes when asked for.
 */
export class RunningSum {
  readonly fromMs: number
  readonly toMs: number
  /** Exact in its whole numbers; its minima, maxima and doubles mean nothing. */
  readonly #counts: PaneSketch
  #whole: PaneSketch | null = null

  /** `counts` becomes this sum's own. */
  constructor(fromMs: number, toMs: number, counts: PaneSketch) {
    this.fromMs = fromMs
    this.toMs = toMs
    this.#counts = counts
  }

  holds(start: number): boolean {
    return this.fromMs <= start && start < this.toMs
  }

  add(sketch: PaneSketch): void {
    mergePaneSketch(this.#counts, sketch)
    this.#whole = null
  }

  /** `sketch` was added before. */
  subtract(sketch: PaneSketch): void {
    subtractCounts(this.#counts, sketch)
    this.#whole = null
  }

  /** The same counts as the sum of a later range, which the caller then brings up to date. */
  movedTo(fromMs: number, toMs: number): RunningSum {
    return new RunningSum(fromMs, toMs, this.#counts)
  }

  /** The sum as a sketch of its own, the same object until a pane changes; `panes` are those it holds. */
  whole(panes: readonly PaneSketch[]): PaneSketch {
    this.#whole ??= withDoubles(this.#counts, panes)
    return this.#whole
  }
}

function subtractCounts(into: PaneSketch, from: PaneSketch): void {
  into.events -= from.events
  into.unknownFeatures -= from.unknownFeatures
  for (const [name, counts] of from.features) subtractFeature(into.features.get(name)!, counts)
  for (const field of OUTCOME_COUNTS) into.performance[field] -= from.performance[field]
  subtractCells(into.performance.joint, from.performance.joint)
}

function subtractFeature(into: FeatureCounts, from: FeatureCounts): void {
  subtractCells(cellsOf(into), cellsOf(from))
  if (into.kind === 'numeric' && from.kind === 'numeric') {
    for (const field of NUMERIC_COUNTERS) into.counts[field] -= from.counts[field]
  } else if (into.kind === 'categorical' && from.kind === 'categorical') {
    for (const field of CATEGORICAL_COUNTERS) into.counts[field] -= from.counts[field]
  }
}

function withDoubles(counts: PaneSketch, panes: readonly PaneSketch[]): PaneSketch {
  const whole = clonePaneSketch(counts)
  for (const field of OUTCOME_SUMS) {
    whole.performance[field] = panes.reduce((sum, pane) => sum + pane.performance[field], 0)
  }
  for (const [name, feature] of whole.features) {
    if (feature.kind !== 'numeric') continue
    feature.counts.min = Number.POSITIVE_INFINITY
    feature.counts.max = Number.NEGATIVE_INFINITY
    for (const pane of panes) {
      const own = pane.features.get(name)
      if (own?.kind !== 'numeric') continue
      feature.counts.min = Math.min(feature.counts.min, own.counts.min)
      feature.counts.max = Math.max(feature.counts.max, own.counts.max)
    }
  }
  return whole
}
