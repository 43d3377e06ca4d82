import { chunkDistance, chunkThreshold } from '../../../src/detectors/classics/chunk-threshold.ts'
import { binOf } from '../../../src/sketches/numeric-grid.ts'
import { chiSquareSurvival } from '../../../src/statistics/chi-square.ts'
import { total } from '../../../src/statistics/count-totals.ts'
import { ksOnGrid } from '../../../src/statistics/ks-on-grid.ts'
import { populationStability } from '../../../src/statistics/psi.ts'

/** Says of a window of raw values whether it alarms. */
export type Rule = (window: Float64Array) => boolean

const LEVEL = 0.05
const DISTANCE = 0.1
const PSI_WARNING = 0.1
const DECILES = 10
/** What stands for an empty cell in the deciles' index. */
const EMPTY_SHARE = 1e-4

/**
 * The default rules of others for one numeric feature, each on raw values as its package sees them: in the
 * order in which the table has them. A reference of more than a thousand values is taken for granted.
 * Source: Evidently 0.7 `legacy/calculations/stattests`, NannyML 0.13 `drift/univariate`, scouter
 * `scouter_types/src/psi/alert.rs`, alibi-detect 0.13 `cd/ks.py`.
 * @param reference in the order in which it came: chunks are cut from it, of the size of a window
 * @param features that are tested together
 */
export function peerRules(reference: Float64Array, n: number, features: number): ReadonlyMap<string, Rule> {
  const sorted = reference.toSorted()
  const own = countsAt(sorted, sorted)
  // Every value of the reference is an edge, so nothing is lost by counting.
  const ks = (level: number): Rule => {
    return (window) => ksOnGrid(countsAt(sorted, window), own).pValue <= level
  }
  return new Map<string, Rule>([
    ['Evidently: Wasserstein / sd >= 0.1', wassersteinRule(sorted)],
    ['NannyML: JS above mean + 3 sd of chunks', chunkRule(reference, n)],
    ['scouter: PSI above chi-squared of 0.05', scouterRule(sorted)],
    ['KS p <= 0.05', ks(LEVEL)],
    ['alibi-detect: KS p <= 0.05 / features', ks(LEVEL / features)],
    ['PSI >= 0.1 on deciles', decileRule(sorted)],
  ])
}

/** Values as counts of cells cut at the edges. */
function countsAt(edges: Float64Array, values: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length + 1)
  for (const x of values) {
    const cell = binOf(edges, x)
    counts[cell] = counts[cell]! + 1
  }
  return counts
}

function wassersteinRule(sorted: Float64Array): Rule {
  const mean = sorted.reduce((sum, x) => sum + x, 0) / sorted.length
  const deviation = Math.sqrt(sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sorted.length)
  return (window) => wasserstein(window.toSorted(), sorted) / deviation >= DISTANCE
}

/** Area between the two distribution functions of samples in rising order. */
function wasserstein(window: Float64Array, reference: Float64Array): number {
  let i = 0
  let j = 0
  let before = Math.min(window[0]!, reference[0]!)
  let area = 0
  while (i < window.length || j < reference.length) {
    const x = Math.min(window[i] ?? Number.POSITIVE_INFINITY, reference[j] ?? Number.POSITIVE_INFINITY)
    area += Math.abs(i / window.length - j / reference.length) * (x - before)
    before = x
    while (window[i] === x) i++
    while (reference[j] === x) j++
  }
  return area
}

/** Equal widths by Doane's rule over the reference, and what lies outside; its own chunks of n values set the threshold. */
function chunkRule(reference: Float64Array, n: number): Rule {
  const edges = doaneEdges(reference)
  const own = countsAt(edges, reference)
  const chunks = Array.from({ length: Math.floor(reference.length / n) }, (_, chunk) =>
    countsAt(edges, reference.subarray(chunk * n, (chunk + 1) * n)),
  )
  const threshold = chunkThreshold(chunks, own)
  return (window) => chunkDistance(countsAt(edges, window), own) > threshold
}

/** Source: Doane, American Statistician 30 (1976), as numpy's `histogram_bin_edges` has it. */
function doaneEdges(values: Float64Array): Float64Array {
  const n = values.length
  const mean = values.reduce((sum, x) => sum + x, 0) / n
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n)
  const skewness = values.reduce((sum, x) => sum + ((x - mean) / deviation) ** 3, 0) / n
  const skewnessDeviation = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)))
  const bins = Math.ceil(1 + Math.log2(n) + Math.log2(1 + Math.abs(skewness) / skewnessDeviation))
  const low = values.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY)
  const high = values.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY)
  return Float64Array.from({ length: bins - 1 }, (_, edge) => low + ((edge + 1) * (high - low)) / bins)
}

function decileEdges(sorted: Float64Array): Float64Array {
  return Float64Array.from({ length: DECILES - 1 }, (_, edge) => {
    return sorted[Math.floor(((edge + 1) * sorted.length) / DECILES)]!
  })
}

/** The reference is taken for the whole world: only the window's size enters. */
function scouterRule(sorted: Float64Array): Rule {
  const edges = decileEdges(sorted)
  const own = countsAt(edges, sorted)
  return (window) => {
    const counts = countsAt(edges, window)
    let psi = 0
    for (let cell = 0; cell < counts.length; cell++) {
      const p = Math.max(EMPTY_SHARE, counts[cell]! / total(counts))
      const q = Math.max(EMPTY_SHARE, own[cell]! / total(own))
      psi += (p - q) * Math.log(p / q)
    }
    return chiSquareSurvival(psi * window.length, DECILES - 1) <= LEVEL
  }
}

function decileRule(sorted: Float64Array): Rule {
  const edges = decileEdges(sorted)
  const own = countsAt(edges, sorted)
  return (window) => populationStability(countsAt(edges, window), own).psi >= PSI_WARNING
}
