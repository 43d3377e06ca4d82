import { describeAnew, subtractFeatureBlock } from '../sketches/feature-block.ts'
import { clonePaneSketch, mergePaneSketch } from '../sketches/pane-sketch.ts'
import { subtractPerformanceCounts } from '../sketches/performance-counts.ts'
import type { PaneSketch } from '../sketches/types.ts'

/**
 * The counts of all panes in [fromMs, toMs), kept up to date by adding and taking out panes. That is exact
 * for whole numbers only: minima, maxima and samples are taken from the panes when asked for.
 */
export class RunningSum {
  readonly fromMs: number
  readonly toMs: number
  /** Exact in its whole numbers; its minima, maxima and samples mean nothing. */
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
    this.#whole ??= withDescriptions(this.#counts, panes)
    return this.#whole
  }
}

function subtractCounts(into: PaneSketch, from: PaneSketch): void {
  into.events -= from.events
  into.unknownFeatures -= from.unknownFeatures
  if (into.block !== null && from.block !== null) subtractFeatureBlock(into.block, from.block)
  subtractPerformanceCounts(into.performance, from.performance)
}

function withDescriptions(counts: PaneSketch, panes: readonly PaneSketch[]): PaneSketch {
  const whole = clonePaneSketch(counts)
  const blocks = panes.flatMap(({ block }) => block ?? [])
  if (blocks.length === 0) whole.block = null
  if (whole.block !== null) describeAnew(whole.block, blocks)
  return whole
}
