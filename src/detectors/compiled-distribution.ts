import { fallingOrder } from '../sketches/falling-order.ts'
import type { DistributionPanes } from '../sketches/reference-panes.ts'
import type { CellCounts } from '../sketches/types.ts'
import { compileCategoricalOmnibus } from '../statistics/categorical-omnibus.ts'
import { type Counts, total } from '../statistics/count-totals.ts'
import { type NeymanBasis, neymanBasis, neymanSums } from '../statistics/neyman-basis.ts'
import { compileOmnibus } from '../statistics/omnibus.ts'
import { coarsen, sumGroups } from './coarsen.ts'
import { distributionScatter, isOverdispersed, type PaneScatter } from './pane-null.ts'

/** What independent rows say of a window. */
export interface DistributionTest {
  readonly pValue: number
  /** The cell that surprises most; -1 where none does. */
  readonly cell: number
}

/** One distribution of a reference, ready to compare windows with. */
export interface CompiledDistribution {
  readonly kind: 'numeric' | 'categorical'
  readonly reference: Counts
  readonly m: number
  /** Scatter over the reference's windows; null where it is not known. */
  readonly scatter: PaneScatter | null
  /** Scatter of something else that this one hangs on, where its own is not known. */
  readonly borrowed: PaneScatter | null
  /** By how much the reference's windows make rows worth less; 1 where independent or not known. */
  readonly designEffect: number
  /** The test of a window's cells, `n` values in all, or null where its p-value is above `pValueMax`. */
  readonly screen: (cells: Counts, pValueMax: number, n: number) => DistributionTest | null
  /** Means of the components over a window, as the reference's windows have them. */
  readonly means: (cells: Counts) => Float64Array
  /** Counts pooled for measures: at most 20 groups of a numeric feature, the categories of the other. */
  readonly pooled: (cells: Counts) => Counts
  readonly pooledReference: Counts
}

/** The field's usual 10 to 20; finer cells see finer changes and need more values to be sure. */
const GROUPS_MAX = 20

/** Ordered cells: bins of a number, of a score. */
export function compileNumeric(cells: CellCounts, panes?: DistributionPanes | null): CompiledDistribution {
  const omnibus = compileOmnibus(cells)
  const groups = coarsen(cells, GROUPS_MAX)
  const scatter = distributionScatter(panes)
  return {
    kind: 'numeric',
    reference: cells,
    m: omnibus.m,
    scatter,
    borrowed: null,
    designEffect: designEffectOf(scatter),
    screen(counts, pValueMax, n) {
      const result = omnibus.screen(counts, pValueMax, n)
      return result === null ? null : { pValue: result.pValue, cell: result.maxCell.cell }
    },
    means: (counts) => componentMeans(omnibus.basis, counts),
    pooled: (counts) => sumGroups(counts, groups),
    pooledReference: sumGroups(cells, groups),
  }
}

/** Cells without an order: categories, predicted classes. */
export function compileCategorical(
  cells: CellCounts,
  panes?: DistributionPanes | null,
  borrowed: PaneScatter | null = null,
): CompiledDistribution {
  const omnibus = compileCategoricalOmnibus(cells)
  const order = fallingOrder(cells)
  const inOrder = (counts: Counts): Float64Array => Float64Array.from(order, (cell) => counts[cell]!)
  const scatter = distributionScatter(panes)
  const basis = neymanBasis(inOrder(cells))
  return {
    kind: 'categorical',
    reference: cells,
    m: omnibus.m,
    scatter,
    borrowed,
    designEffect: designEffectOf(scatter ?? borrowed),
    screen(counts, pValueMax) {
      const result = omnibus.evaluate(counts)
      return result.pValue > pValueMax ? null : { pValue: result.pValue, cell: result.maxCell.cell }
    },
    means: (counts) => componentMeans(basis, inOrder(counts)),
    pooled: (counts) => counts,
    pooledReference: cells,
  }
}

function designEffectOf(scatter: PaneScatter | null): number {
  return scatter !== null && isOverdispersed(scatter) ? scatter.designEffect : 1
}

function componentMeans(basis: NeymanBasis, counts: Counts): Float64Array {
  const n = Math.max(1, total(counts))
  return neymanSums(basis, counts).map((sum) => sum / n)
}
