import { coarsen, sumGroups } from '../detectors/coarsen.ts'
import { type GridDistribution, gridDistribution, isAtom } from '../detectors/grid-distribution.ts'
import type { CategoricalReference, NumericReference, Reference } from '../sketches/types.ts'
import { ksOnGrid } from '../statistics/ks-on-grid.ts'
import { populationStability } from '../statistics/psi.ts'

const GROUPS_MAX = 20

/** How far one feature lies from the same feature of another reference. */
export interface FeatureDifference {
  readonly feature: string
  readonly kind: 'numeric' | 'categorical'
  /** Null where a side has no values or does not know the feature, or the kinds differ. */
  readonly psi: number | null
  readonly pValue: number | null
  /** numeric only: the distance over the edges. */
  readonly ks: number | null
  /**
   * `exact`: counted on the same cells. `approximate`: cells differ and one side was laid on the other's,
   * linear inside a bin, or through a rest that may mean different things.
   */
  readonly basis: 'exact' | 'approximate'
  readonly note: string
}

/**
 * Every feature of either reference, the largest PSI first, then those without one by name.
 * `before` gives the cells: the groups are its.
 */
export function compareReferences(before: Reference, after: Reference): FeatureDifference[] {
  const names = new Set([...before.features.keys(), ...after.features.keys()])
  const differences = [...names].map((name) => compareFeature(name, before, after))
  return differences.sort((a, b) => (b.psi ?? -1) - (a.psi ?? -1) || (a.feature < b.feature ? -1 : 1))
}

function compareFeature(name: string, before: Reference, after: Reference): FeatureDifference {
  const one = before.features.get(name)
  const two = after.features.get(name)
  if (one?.kind === 'numeric' && two?.kind === 'numeric') return compareNumeric(name, one, two)
  if (one?.kind === 'categorical' && two?.kind === 'categorical') return compareCategorical(name, one, two)
  const kind = (two ?? one)!.kind
  const note =
    one === undefined
      ? 'not in the first'
      : two === undefined
        ? 'not in the second'
        : `${one.kind} in the first, ${two.kind} in the second`
  return { feature: name, kind, psi: null, pValue: null, ks: null, basis: 'exact', note }
}

function compareNumeric(name: string, one: NumericReference, two: NumericReference): FeatureDifference {
  const same =
    one.grid.edges.length === two.grid.edges.length &&
    one.grid.edges.every((edge, at) => edge === two.grid.edges[at])
  const bins = same ? two.counts.bins : laidOn(one.grid.edges, gridDistribution(two.grid, two.counts))
  const groups = coarsen(one.counts.bins, GROUPS_MAX)
  const stability = populationStability(sumGroups(bins, groups), sumGroups(one.counts.bins, groups))
  const empty = stability.n === 0 || stability.m === 0
  const ks = ksOnGrid(bins, one.counts.bins, (bin) => isAtom(one.grid, bin))
  return {
    feature: name,
    kind: 'numeric',
    psi: empty ? null : stability.psi,
    pValue: empty ? null : stability.pValue,
    ks: empty ? null : ks.distance,
    basis: same ? 'exact' : 'approximate',
    note: empty ? 'no values on one side' : medianMove(one, two),
  }
}

/** The counts a distribution would have on other edges, as far as its own edges tell. */
function laidOn(edges: Float64Array, distribution: GridDistribution): Float64Array {
  const bins = new Float64Array(edges.length + 1)
  if (distribution.n === 0) return bins
  let below = 0
  for (let bin = 0; bin <= edges.length; bin++) {
    const share = bin === edges.length ? 1 : distribution.shareBelow(edges[bin]!)
    bins[bin] = distribution.n * Math.max(0, share - below)
    below = Math.max(below, share)
  }
  return bins
}

/** Categories both sides count by themselves are cells; what one side counts only in its rest joins the rest. */
function compareCategorical(
  name: string,
  one: CategoricalReference,
  two: CategoricalReference,
): FeatureDifference {
  const cells: [number, number][] = []
  const rest: [number, number] = [restOf(one), restOf(two)]
  let mixed = rest[0] > 0 && rest[1] > 0
  for (const category of new Set([...one.dictionary.categories, ...two.dictionary.categories])) {
    const counts: [number, number] = [countOf(one, category), countOf(two, category)]
    const known = one.dictionary.index.has(category) && two.dictionary.index.has(category)
    const lacking = one.dictionary.index.has(category) ? rest[1] : rest[0]
    if (known || lacking === 0) cells.push(counts)
    else {
      mixed = true
      rest[0] += counts[0]
      rest[1] += counts[1]
    }
  }
  cells.push(rest)
  const { psi, pValue, n, m } = populationStability(
    cells.map(([, after]) => after),
    cells.map(([before]) => before),
  )
  const empty = n === 0 || m === 0
  const fresh = two.dictionary.categories.filter((category) => !one.dictionary.index.has(category)).length
  const gone = one.dictionary.categories.filter((category) => !two.dictionary.index.has(category)).length
  return {
    feature: name,
    kind: 'categorical',
    psi: empty ? null : psi,
    pValue: empty ? null : pValue,
    ks: null,
    basis: mixed ? 'approximate' : 'exact',
    note: empty ? 'no values on one side' : `${fresh} new categories, ${gone} gone`,
  }
}

function countOf({ dictionary, counts }: CategoricalReference, category: string): number {
  const cell = dictionary.index.get(category)
  return cell === undefined ? 0 : counts.cells[cell]!
}

function restOf({ dictionary, counts }: CategoricalReference): number {
  return counts.cells[dictionary.categories.length]! + counts.cells[dictionary.categories.length + 1]!
}

function medianMove(one: NumericReference, two: NumericReference): string {
  const [before, after] = [one, two].map(({ grid, counts }) => gridDistribution(grid, counts).quantile(0.5))
  return `median ${Number(before!.toPrecision(4))} to ${Number(after!.toPrecision(4))}`
}
