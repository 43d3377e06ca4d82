import { coarsen } from '../detectors/coarsen.ts'
import { layoutOf } from '../sketches/block-layout.ts'
import { CATEGORICAL_COUNTERS, NUMERIC_COUNTERS, TAIL_LEVELS } from '../sketches/block-shape.ts'
import type { CoarseCells } from '../sketches/coarse-cells.ts'
import type { FeatureReference, Reference } from '../sketches/types.ts'

/** Groups that a feature's cells are summed to for dating; as many as its PSI is taken on. */
const NUMERIC_GROUPS_MAX = 20

/** The most frequent categories are dated one by one, as many as this less the groups of the rest. */
const CATEGORICAL_GROUPS_MAX = 64
const RARE_GROUPS = 16

/**
 * Per numeric feature its groups, then missing, odd (NaN, infinite, wrong type), far below and far above
 * the range; per categorical feature its groups, `other` and `unseen` last, then missing and wrong type.
 */
export function coarseCellsOf(reference: Reference): CoarseCells {
  const { shape } = layoutOf(reference)
  const starts: number[] = []
  const ends: number[] = []
  const offsets = [0]
  let position = 0
  for (const feature of reference.features.values()) {
    const [first, last] = [shape.offsets[position]!, shape.offsets[position + 1]!]
    for (const [from, to] of runsOf(feature, last - first)) {
      starts.push(first + from)
      ends.push(first + to)
    }
    offsets.push(starts.length)
    position++
  }
  return { from: Int32Array.from(starts), to: Int32Array.from(ends), offsets: Int32Array.from(offsets) }
}

/** The coarse counts of one feature, by what they are. */
export interface CoarseFeature {
  /** Bins or categories; for a category the last two are `other` and `unseen`. */
  readonly groups: Float64Array
  readonly missing: number
  /** Of the wrong type; NaN and infinite ones, too. */
  readonly odd: number
  /** Far below or above the reference's range; 0 for a category. */
  readonly far: number
}

/** Takes the coarse counts of the feature at `position` apart. */
export function coarseFeature(
  { offsets }: CoarseCells,
  counts: Float64Array,
  position: number,
  kind: FeatureReference['kind'],
): CoarseFeature {
  const own = counts.subarray(offsets[position]!, offsets[position + 1]!)
  const counters = own.length - (kind === 'numeric' ? 4 : 2)
  const [missing, odd, below, above] = own.subarray(counters)
  return { groups: own.subarray(0, counters), missing: missing!, odd: odd!, far: (below ?? 0) + (above ?? 0) }
}

/** What the reference counted of the same feature; of its tails it knows the outermost bins at most. */
export function coarseReference(
  { from, to, offsets }: CoarseCells,
  reference: Reference,
  position: number,
  feature: FeatureReference,
): CoarseFeature {
  const first = layoutOf(reference).shape.offsets[position]!
  const cells = feature.kind === 'numeric' ? feature.counts.bins : feature.counts.cells
  const counters = offsets[position + 1]! - (feature.kind === 'numeric' ? 4 : 2)
  const groups = Float64Array.from({ length: counters - offsets[position]! }, (_, group) => {
    const run = offsets[position]! + group
    let sum = 0
    for (let cell = from[run]!; cell < to[run]!; cell++) sum += cells[cell - first]!
    return sum
  })
  const { missing, wrongType } = feature.counts
  if (feature.kind === 'categorical') return { groups, missing, odd: wrongType, far: 0 }
  const { nan, infinite } = feature.counts
  return { groups, missing, odd: nan + infinite + wrongType, far: cells[0]! + cells.at(-1)! }
}

type Run = readonly [from: number, to: number]

function runsOf(feature: FeatureReference, cells: number): Run[] {
  if (feature.kind === 'categorical') {
    const counters = cells - CATEGORICAL_COUNTERS
    return [...categoryRuns(counters - 2), ...single(counters - 2, cells)]
  }
  const { bins } = feature.counts
  const groups = coarsen(bins, NUMERIC_GROUPS_MAX)
  const runs: Run[] = []
  for (let from = 0, bin = 1; bin <= bins.length; bin++) {
    if (bin < bins.length && groups[bin] === groups[from]) continue
    runs.push([from, bin])
    from = bin
  }
  const missing = bins.length
  const below = missing + NUMERIC_COUNTERS
  const above = below + TAIL_LEVELS
  // The first level of a tail reaches no further than a sixteenth of the range beyond it: hardly a fault.
  return [
    ...runs,
    [missing, missing + 1],
    [missing + 1, below],
    [below + 1, above],
    [above + 1, above + TAIL_LEVELS],
  ]
}

/** The most frequent one by one, the rest in groups of equally many. */
function categoryRuns(categories: number): Run[] {
  if (categories <= CATEGORICAL_GROUPS_MAX) return single(0, categories)
  const own = CATEGORICAL_GROUPS_MAX - RARE_GROUPS
  const edge = (group: number): number => own + Math.floor((group * (categories - own)) / RARE_GROUPS)
  const rare = Array.from({ length: RARE_GROUPS }, (_, group): Run => [edge(group), edge(group + 1)])
  return [...single(0, own), ...rare]
}

function single(from: number, to: number): Run[] {
  return Array.from({ length: to - from }, (_, at) => [from + at, from + at + 1])
}
