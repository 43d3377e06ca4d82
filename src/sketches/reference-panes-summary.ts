import { type NeymanBasis, neymanBasis, neymanSums } from '../statistics/neyman-basis.ts'
import type { BlockLayout } from './block-layout.ts'
import { fallingOrder } from './falling-order.ts'
import { scoreBinsOf } from './outcome-layout.ts'
import { outcomePanes } from './outcome-panes.ts'
import { countsOf } from './pane-sketch.ts'
import type { DistributionPanes, ReferencePanes } from './reference-panes.ts'
import { encodePanes, roundedSum } from './reference-panes-codec.ts'
import type {
  CellCounts,
  FeatureCounts,
  FeatureReference,
  PaneSketch,
  PerformanceCounts,
  Reference,
} from './types.ts'
import { type Covered, isWhole, type WindowedCounts, wholeWindows } from './windowed-counts.ts'

/** Panes take no more of a reference than this, before they are spelled as text: of more, the newest stay. */
const PANES_BYTES_MAX = 262_144

/** What of a reference its panes are counted against. */
export type PanedContent = Pick<Reference, 'features' | 'performance' | 'task' | 'labelDelayMs'>

/** Which stretch of time each part of the counts holds whole. */
export interface CoveredParts {
  readonly rows: Covered
  readonly scores: Covered
  readonly outcomes: Covered
}

/**
 * The panes of a reference from the whole windows of its rows; null where there is none. Deterministic: every
 * number follows from whole counts, in the order of windows, features and cells.
 * @param layout what the windows were counted on: the reference's own cells, in any order of categories
 */
export function summarizePanes(
  reference: PanedContent,
  counts: WindowedCounts,
  layout: BlockLayout,
  covered: CoveredParts,
): ReferencePanes | null {
  const starts = wholeWindows(counts, covered.rows)
  for (;;) {
    if (starts.length === 0) return null
    const panes = panesOf(reference, counts, layout, covered, starts)
    const { length } = encodePanes(panes)
    if (length <= PANES_BYTES_MAX) return panes
    // Bytes fall in proportion, near enough; at least one window goes each time.
    starts.splice(0, Math.max(1, Math.ceil(starts.length * (1 - PANES_BYTES_MAX / length))))
  }
}

function panesOf(
  reference: PanedContent,
  counts: WindowedCounts,
  layout: BlockLayout,
  covered: CoveredParts,
  starts: readonly number[],
): ReferencePanes {
  const windows = starts.map((start) => counts.windows.get(start)!)
  const within = (part: Covered) =>
    windows.map((window, at) => (isWhole(starts[at]!, counts.windowMs, part) ? window : null))
  const { performance, labelDelayMs } = reference
  const scored = within(covered.scores)
  const labelled = within(covered.outcomes)
  return {
    windowMs: counts.windowMs,
    starts: Float64Array.from(starts),
    rows: Float64Array.from(windows, ({ events }) => events),
    features: new Map(
      [...reference.features].map(([name, feature]) => [
        name,
        featurePanes(feature, layout, layout.positions.get(name)!, windows),
      ]),
    ),
    scores: performance === null ? null : scorePanes(performance, scored),
    labels: performance === null ? null : labelPanes(performance, labelled),
    outcomes: performance === null ? null : outcomePanes(performance, labelDelayMs ?? 0, labelled),
  }
}

/** Cells of one distribution in one window, and what of it was no value; null where the window does not tell. */
type Counted = { readonly cells: CellCounts; readonly odd: number } | null

/** @param basis the components that tests of windows use */
function distributionPanes(basis: NeymanBasis, windows: readonly Counted[]): DistributionPanes {
  const components = basis.order
  const n = new Float64Array(windows.length)
  const odd = new Float64Array(windows.length)
  const sums = new Float64Array(windows.length * components)
  windows.forEach((window, pane) => {
    if (window === null) return
    odd[pane] = window.odd
    for (const count of window.cells) n[pane] = n[pane]! + count
    neymanSums(basis, window.cells).forEach((sum, component) => {
      sums[pane * components + component] = roundedSum(sum, n[pane]!)
    })
  })
  return { n, odd, components, sums }
}

function featurePanes(
  feature: FeatureReference,
  layout: BlockLayout,
  position: number,
  windows: readonly PaneSketch[],
): DistributionPanes {
  if (feature.kind === 'numeric') {
    return distributionPanes(
      neymanBasis(feature.counts.bins),
      windows.map((window) => numericCounted(countsOf(window, layout, position))),
    )
  }
  const order = fallingOrder(feature.counts.cells)
  const countedOn = layout.features[position]
  const texts = countedOn?.kind === 'categorical' ? countedOn.dictionary.index : undefined
  const { categories } = feature.dictionary
  // The windows may have been counted before the categories were put in the order of their counts.
  const countedAt = order.map(
    (cell) => (cell < categories.length ? texts?.get(categories[cell]!) : cell) ?? cell,
  )
  return distributionPanes(
    neymanBasis(inOrder(feature.counts.cells, order)),
    windows.map((window) => categoricalCounted(countsOf(window, layout, position), countedAt)),
  )
}

function numericCounted(counted: FeatureCounts | null): Counted {
  if (counted?.kind !== 'numeric') return null
  const { bins, missing, nan, infinite, wrongType } = counted.counts
  return { cells: bins, odd: missing + nan + infinite + wrongType }
}

function categoricalCounted(counted: FeatureCounts | null, order: readonly number[]): Counted {
  if (counted?.kind !== 'categorical') return null
  const { cells, missing, wrongType } = counted.counts
  return { cells: inOrder(cells, order), odd: missing + wrongType }
}

function inOrder(cells: CellCounts, order: readonly number[]): Float64Array {
  return Float64Array.from(order, (cell) => cells[cell]!)
}

function scorePanes(
  performance: PerformanceCounts,
  windows: readonly (PaneSketch | null)[],
): DistributionPanes | null {
  if (performance.scores.length === 0) return null
  return distributionPanes(
    neymanBasis(scoreCells(performance)),
    windows.map((window) => {
      if (window === null) return null
      const cells = scoreCells(window.performance)
      let n = 0
      for (const count of cells) n += count
      return { cells, odd: Math.max(0, window.events - n) }
    }),
  )
}

/** Scores of all predicted classes together, by bin. */
function scoreCells({ scores, task }: PerformanceCounts): Float64Array {
  const cells = new Float64Array(scoreBinsOf(task))
  for (let cell = 0; cell < scores.length; cell++) {
    const bin = cell % cells.length
    cells[bin] = cells[bin]! + scores[cell]!
  }
  return cells
}

function labelPanes(
  performance: PerformanceCounts,
  windows: readonly (PaneSketch | null)[],
): DistributionPanes | null {
  if (performance.task === 'regression') {
    if (performance.labels.length === 0) return null
    const counted = (window: PaneSketch): Counted => ({ cells: window.performance.labels, odd: 0 })
    return distributionPanes(
      neymanBasis(performance.labels),
      windows.map((window) => window && counted(window)),
    )
  }
  if (performance.task !== 'multiclass' || performance.confusion.length === 0) return null
  const reference = actualClasses(performance)
  const order = fallingOrder(reference)
  return distributionPanes(
    neymanBasis(inOrder(reference, order)),
    windows.map((window) => {
      if (window === null || window.performance.confusion.length === 0) return null
      return { cells: inOrder(actualClasses(window.performance), order), odd: 0 }
    }),
  )
}

/** Labels by class, `other` last. */
function actualClasses({ confusion, classCount }: PerformanceCounts): Float64Array {
  const classes = new Float64Array(classCount + 1)
  for (let cell = 0; cell < confusion.length; cell++) {
    const actual = Math.floor(cell / (classCount + 1))
    classes[actual] = classes[actual]! + confusion[cell]!
  }
  return classes
}
