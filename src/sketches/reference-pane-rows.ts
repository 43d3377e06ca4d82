import { layoutOfCuts } from './cut-layout.ts'
import { addFeatures } from './pane-sketch.ts'
import { addOutcome, addScore } from './performance-counts.ts'
import type { FeatureCut, ReferenceRow } from './reference-cutter.ts'
import type { ReferencePanes } from './reference-panes.ts'
import { type PanedContent, summarizePanes } from './reference-panes-summary.ts'
import type { CategoryDictionary, Task } from './types.ts'
import { type Covered, createWindowedCounts, windowAt, windowStart } from './windowed-counts.ts'

/** Which windows of the rows to keep: of this length, those that lie whole in the stretch, the newest. */
export interface PanePlan extends Covered {
  readonly windowMs: number
}

/** Counts rows by window while a reference is counted. Memory: `WINDOWED_CELLS_MAX` cells. */
export interface PaneRowCounter {
  /** Rows without a time, or outside the windows kept, pass by. */
  add(row: ReferenceRow): void
  finish(reference: PanedContent): ReferencePanes | null
}

export function createPaneRowCounter(
  { windowMs, fromMs, toMs }: PanePlan,
  task: Task,
  positiveLabel: string,
  cuts: ReadonlyMap<string, FeatureCut>,
  classes: CategoryDictionary | null,
): PaneRowCounter {
  const layout = layoutOfCuts(cuts)
  const counts = createWindowedCounts(windowMs, task, layout.shape)
  const end = windowStart(toMs, windowMs)
  const begin = Math.max(fromMs, end - counts.windowsMax * windowMs)
  const all = createStretch()
  const scored = createStretch()
  const labelled = createStretch()
  // Where predictions begin or end with the rows themselves, they are as whole as these are.
  const coveredBy = ({ fromMs: first, toMs: last }: Covered): Covered => ({
    fromMs: first === all.covered().fromMs ? fromMs : first,
    toMs: last === all.covered().toMs ? toMs : last,
  })
  return {
    add({ at, features, prediction, score, label }) {
      if (at === undefined) return
      all.add(at)
      if (prediction !== undefined) scored.add(at)
      if (prediction !== undefined && label !== undefined) labelled.add(at)
      if (at < begin || at >= end) return
      const window = windowAt(counts, at)
      addFeatures(window, layout, features, '')
      if (prediction === undefined) return
      addScore(window.performance, { prediction, score, positiveLabel, classes })
      if (label === undefined) return
      addOutcome(window.performance, { prediction, score, label, positiveLabel, classes })
    },
    finish: (reference) =>
      summarizePanes(reference, counts, layout, {
        rows: { fromMs: begin, toMs: end },
        scores: coveredBy(scored.covered()),
        outcomes: coveredBy(labelled.covered()),
      }),
  }
}

/** From the first time added to the last. */
function createStretch() {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  return {
    add(at: number): void {
      if (at < from) from = at
      if (at > to) to = at
    },
    covered: (): Covered => ({ fromMs: from, toMs: to }),
  }
}
