import { isAtomBin } from './atom-bin.ts'
import { cellTotal } from './cells.ts'
import { distributionScatter } from './pane-scatter.ts'
import { type DistributionPanes, REFERENCE_PANES_AMPLE } from './reference-panes.ts'
import type { CategoricalReference, NumericReference, Reference } from './types.ts'

/**
 * Fewer rows judge no distribution: the levels of the two-sample tests were simulated for references of a
 * thousand values and more.
 */
export const REFERENCE_ROWS_MIN = 1_000

/** From here on the reference's own noise is small beside that of any window it is compared with. */
const ROWS_AMPLE = 10_000

/** What happens inside a bin of more mass than this is not seen by any test on the edges. */
const BIN_SHARE_MAX = 0.01

const OTHER_SHARE_MAX = 0.1

const MALFORMED_SHARE_MAX = 0.1

/** Metrics of fewer labelled predictions have intervals that hide what they should show. */
const OUTCOMES_AMPLE = 1_000

/** A window that scatters by chance alone is taken for dependent rows this seldom, per feature. */
const SCATTER_LEVEL = 1e-4

export type FitnessKind =
  | 'no-counts'
  | 'too-few-rows'
  | 'few-rows'
  | 'all-missing'
  | 'constant'
  | 'wide-bin'
  | 'malformed'
  | 'large-other'
  | 'unseen-in-reference'
  | 'no-outcomes'
  | 'few-outcomes'
  | 'no-scores'
  | 'no-panes'
  | 'few-panes'
  | 'dependent-rows'

/**
 * One way in which a reference is a poor measure. `unfit`: what it concerns is not judged, or cannot be;
 * `warning`: judged, but less sharply than the figures suggest; `note`: worth knowing.
 */
export interface FitnessFault {
  /** Null where it concerns the reference as a whole. */
  readonly feature: string | null
  readonly kind: FitnessKind
  readonly severity: 'unfit' | 'warning' | 'note'
  /** The number found, and the limit it was held against; shares are fractions of 1. */
  readonly value: number
  readonly limit: number
  readonly message: string
}

/** Whether distributions may be judged against it at all. */
export function hasEnoughRows({ m }: Reference): boolean {
  return m >= REFERENCE_ROWS_MIN
}

/**
 * What is too small or too odd in a reference, the whole first, then feature by feature in its own order.
 * Empty where nothing is. Of a reference that is only cut nothing can be said but that.
 */
export function referenceFitness(reference: Reference): FitnessFault[] {
  if (reference.stage === 'cut') {
    return [fault(null, 'no-counts', 'note', 0, REFERENCE_ROWS_MIN, 'cut, and not yet counted')]
  }
  const faults = [...rowFaults(reference), ...paneFaults(reference), ...outcomeFaults(reference)]
  for (const [name, feature] of reference.features) {
    faults.push(
      ...(feature.kind === 'numeric' ? numericFaults(name, feature) : categoricalFaults(name, feature)),
      ...dependenceFaults(name, reference.panes?.features.get(name)),
    )
  }
  return faults
}

function rowFaults({ m }: Reference): FitnessFault[] {
  if (m < REFERENCE_ROWS_MIN) {
    const message = `${m} rows are fewer than ${REFERENCE_ROWS_MIN}: distributions stay undecided`
    return [fault(null, 'too-few-rows', 'unfit', m, REFERENCE_ROWS_MIN, message)]
  }
  if (m >= ROWS_AMPLE) return []
  const message = `${m} rows are fewer than ${ROWS_AMPLE}: the reference's own noise widens every interval`
  return [fault(null, 'few-rows', 'warning', m, ROWS_AMPLE, message)]
}

function paneFaults({ panes }: Reference): FitnessFault[] {
  const consequence =
    'whether its rows depend on one another cannot be known, and tests take them for independent'
  const count = panes?.starts.length ?? 0
  if (count === 0) {
    const message = `no base window of rows with times: ${consequence}`
    return [fault(null, 'no-panes', 'note', 0, REFERENCE_PANES_AMPLE, message)]
  }
  if (count >= REFERENCE_PANES_AMPLE) return []
  const message = `${count} base windows are fewer than ${REFERENCE_PANES_AMPLE}, too few to know dependence: ${consequence}`
  return [fault(null, 'few-panes', 'note', count, REFERENCE_PANES_AMPLE, message)]
}

function dependenceFaults(name: string, panes: DistributionPanes | undefined): FitnessFault[] {
  const scatter = panes === undefined ? null : distributionScatter(panes)
  if (scatter === null || scatter.panes < REFERENCE_PANES_AMPLE || scatter.pValue > SCATTER_LEVEL) return []
  const effect = scatter.designEffect
  const message = `${name} scatters ${Number(effect.toPrecision(3))} times as much between base windows as independent rows would: its windows say less than their number of rows`
  return [fault(name, 'dependent-rows', 'note', effect, 1, message)]
}

function outcomeFaults({ performance, task }: Reference): FitnessFault[] {
  const n = performance?.n ?? 0
  if (performance === null || n === 0) {
    const message = 'no row has both prediction and label: performance is not judged'
    return [fault(null, 'no-outcomes', 'warning', 0, 1, message)]
  }
  const faults: FitnessFault[] = []
  if (n < OUTCOMES_AMPLE) {
    const message = `${n} outcomes are fewer than ${OUTCOMES_AMPLE}: only a large loss of performance shows`
    faults.push(fault(null, 'few-outcomes', 'warning', n, OUTCOMES_AMPLE, message))
  }
  if (task !== 'regression' && performance.scored === 0) {
    const message = `none of ${n} outcomes has a score: log-loss, Brier score and AUC are not judged`
    faults.push(fault(null, 'no-scores', 'note', 0, 1, message))
  }
  return faults
}

function numericFaults(name: string, { grid, counts }: NumericReference): FitnessFault[] {
  const { bins, missing, nan, infinite, wrongType } = counts
  const n = cellTotal(bins)
  const rows = n + missing + nan + infinite + wrongType
  if (n === 0) return [allMissing(name, rows)]
  const faults = malformedFaults(name, nan + infinite + wrongType, rows)
  if (counts.min === counts.max) {
    const message = `${name} is ${counts.min} in all ${n} values: any other value is a change of its own kind`
    return [...faults, fault(name, 'constant', 'warning', 1, 2, message)]
  }
  let widest = 0
  for (let bin = 0; bin < bins.length; bin++) {
    if (!isAtomBin(grid.edges, bin)) widest = Math.max(widest, bins[bin]! / n)
  }
  if (widest > BIN_SHARE_MAX) {
    const message = `${name} has ${percent(widest)} of its values in one bin of many values: a change inside it is not seen`
    faults.push(fault(name, 'wide-bin', 'warning', widest, BIN_SHARE_MAX, message))
  }
  return faults
}

function categoricalFaults(name: string, { dictionary, counts }: CategoricalReference): FitnessFault[] {
  const { cells, missing, wrongType } = counts
  const n = cellTotal(cells)
  const rows = n + missing + wrongType
  if (n === 0) return [allMissing(name, rows)]
  const faults = malformedFaults(name, wrongType, rows)
  let largest = 0
  for (const count of cells) largest = Math.max(largest, count)
  const other = cells[dictionary.categories.length]!
  const unseen = cells[dictionary.categories.length + 1]!
  if (largest === n) {
    const message = `${name} has one category in all ${n} values`
    faults.push(fault(name, 'constant', 'warning', 1, 2, message))
  }
  if (other / n > OTHER_SHARE_MAX) {
    const message = `${name} has ${percent(other / n)} of its values beyond the ${dictionary.categories.length} categories kept: a change among them is not seen`
    faults.push(fault(name, 'large-other', 'warning', other / n, OTHER_SHARE_MAX, message))
  }
  if (unseen > 0) {
    const message = `${name} had ${percent(unseen / n)} of values while it was counted that it did not have when it was cut`
    faults.push(fault(name, 'unseen-in-reference', 'note', unseen / n, 0, message))
  }
  return faults
}

function allMissing(name: string, rows: number): FitnessFault {
  const message = `${name} has no value in ${rows} rows: its distribution is not judged`
  return fault(name, 'all-missing', 'unfit', 0, 1, message)
}

function malformedFaults(name: string, malformed: number, rows: number): FitnessFault[] {
  const share = malformed / rows
  if (share <= MALFORMED_SHARE_MAX) return []
  const message = `${name} is no usable value in ${percent(share)} of ${rows} rows: is its type the one configured?`
  return [fault(name, 'malformed', 'warning', share, MALFORMED_SHARE_MAX, message)]
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}

function fault(
  feature: string | null,
  kind: FitnessKind,
  severity: FitnessFault['severity'],
  value: number,
  limit: number,
  message: string,
): FitnessFault {
  return { feature, kind, severity, value, limit, message }
}
