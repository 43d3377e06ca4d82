import type { Verdict } from '../../events/finding.ts'
import { type Counts, total } from '../../statistics/count-totals.ts'
import { gTest } from '../../statistics/g-test.ts'
import { hellinger } from '../../statistics/hellinger.ts'
import { jensenShannon } from '../../statistics/jensen-shannon.ts'
import { ksOnGrid } from '../../statistics/ks-on-grid.ts'
import { pearsonChiSquare } from '../../statistics/pearson-chi-square.ts'
import { stabilityIndex } from '../../statistics/psi.ts'
import { wassersteinOnGrid } from '../../statistics/wasserstein-on-grid.ts'
import { coarsen, sumGroups } from '../coarsen.ts'
import { thresholdOf } from './chunk-threshold.ts'

/** A window and its reference, counted on the same cells. */
export interface CountedWindow {
  readonly window: Counts
  readonly reference: Counts
  /** Where each cell of a numeric feature stands, not falling; null for categories. */
  readonly places: ArrayLike<number> | null
  /** Distance of the window, and of each window of the reference that is as long; absent where not known. */
  readonly chunks?: { readonly distance: number; readonly ofReference: readonly number[] } | null
}

export interface RuleOutcome {
  /** What was held against the threshold; NaN where undecided. */
  readonly value: number
  /** `undecided`: an empty sample, or a rule that categories have no order for. */
  readonly verdict: Verdict
}

/** A threshold of the field on a window's counts. */
export interface FixedRule<Options extends object = object> {
  /** One line: how often it fires on windows of a world that never changes, m = 10 000 reference values. */
  readonly label: string
  readonly judge: (counted: CountedWindow, options?: Options) => RuleOutcome
}

/** What of a rule may be set; the rule's usual number where left out. */
export interface FixedRuleOptions {
  readonly psi: { readonly warning?: number; readonly drift?: number; readonly cells?: number }
  readonly ks: { readonly level?: number }
  readonly 'chi-squared': { readonly level?: number }
  readonly 'g-test': { readonly level?: number }
  readonly 'jensen-shannon': { readonly distance?: number; readonly cells?: number }
  readonly hellinger: { readonly distance?: number; readonly cells?: number }
  readonly wasserstein: { readonly distance?: number }
  readonly evidently: { readonly level?: number; readonly distance?: number }
  readonly nannyml: { readonly deviations?: number }
}

export type FixedRuleName = keyof FixedRuleOptions

const PSI_CELLS = 10
/** About what Sturges' rule gives for 10 000 values. */
const DISTANCE_CELLS = 15
const PSI_WARNING = 0.1
const PSI_DRIFT = 0.25
const LEVEL = 0.05
const DISTANCE = 0.1
/** Evidently tests up to so many reference rows, and measures distances above. */
const SMALL_REFERENCE = 1000

/**
 * Thresholds of the field on pane counts, for those who want what they know: a window of ten times the size
 * is judged by the same number, so they cry on small windows and sleep on large ones.
 *
 * psi: warning from 0.1, drift from 0.25, on ten cells of equal reference mass. ks: p below 0.05.
 * chi-squared and g-test: p below 0.05, of categories alone, those with fewer than 5 expected values pooled.
 * jensen-shannon: distance (root of the divergence in nats) from 0.1, on 15 cells. wasserstein: from 0.1
 * standard deviations of the reference. evidently: ks or chi-squared below 0.05 for up to 1000 reference
 * values, wasserstein or jensen-shannon above. Cells of numeric features are grouped by reference mass,
 * where Evidently cuts equal widths; categories are taken as they are.
 * hellinger: distance from 0.1, on 15 cells. nannyml: the distance above mean + 3 standard deviations of the
 * reference's own windows, of as much of it as four components tell; undecided where they are not known.
 * The labels' figures are of 512 equal cells at equal distances (`test/unit/detectors/classics/fixed-rules.test.ts`).
 * Source: Evidently 0.7 `legacy/calculations/stattests`.
 */
export const FIXED_RULES: { readonly [Name in FixedRuleName]: FixedRule<FixedRuleOptions[Name]> } = {
  psi: {
    label: 'above 0.1 by chance alone in 32 % of windows of 100 values, 2 % of 200, none of 1 000',
    judge: (counted, { warning = PSI_WARNING, drift = PSI_DRIFT, cells = PSI_CELLS } = {}) => {
      const { window, reference } = grouped(counted, cells)
      const { psi } = stabilityIndex(window, reference)
      return outcome(counted, psi, psi >= drift ? 'drifted' : psi >= warning ? 'warning' : 'stable')
    },
  },
  ks: {
    label: 'fires by chance alone in 5 % of windows, of every feature, whatever their size',
    judge: (counted, { level = LEVEL } = {}) => {
      if (counted.places === null) return UNDECIDED
      const { pValue } = ksOnGrid(counted.window, counted.reference)
      return outcome(counted, pValue, pValue < level ? 'drifted' : 'stable')
    },
  },
  'chi-squared': {
    label: 'fires by chance alone in 5 % of windows, of every feature, whatever their size',
    judge: (counted, { level = LEVEL } = {}) =>
      categoryRule(counted, () => pearsonChiSquare(counted.window, counted.reference).pValue, level),
  },
  'g-test': {
    label: 'fires by chance alone in 5 to 6 % of windows, of every feature, whatever their size',
    judge: (counted, { level = LEVEL } = {}) =>
      categoryRule(counted, () => gTest(counted.window, counted.reference).pValue, level),
  },
  'jensen-shannon': {
    label: 'fires by chance alone in 91 % of windows of 100 values, 35 % of 200, none of 1 000',
    judge: (counted, { distance = DISTANCE, cells = DISTANCE_CELLS } = {}) =>
      distanceRule(counted, jensenShannonDistance(counted, cells), distance),
  },
  hellinger: {
    label: 'fires by chance alone in 91 % of windows of 100 values, 35 % of 200, none of 1 000',
    judge: (counted, { distance = DISTANCE, cells = DISTANCE_CELLS } = {}) => {
      const { window, reference } = grouped(counted, cells)
      return distanceRule(counted, hellinger(window, reference), distance)
    },
  },
  wasserstein: {
    label: 'fires by chance alone in 47 % of windows of 100 values, 21 % of 200, 0.3 % of 1 000',
    judge: (counted, { distance = DISTANCE } = {}) => wassersteinRule(counted, distance),
  },
  evidently: {
    label: 'as wasserstein or jensen-shannon; with up to 1 000 reference values one window in twenty',
    judge: (counted, { level = LEVEL, distance = DISTANCE } = {}) => {
      const { window, reference, places } = counted
      if (total(reference) > SMALL_REFERENCE) {
        return places === null
          ? distanceRule(counted, jensenShannonDistance(counted, DISTANCE_CELLS), distance)
          : wassersteinRule(counted, distance)
      }
      if (places !== null) return FIXED_RULES.ks.judge(counted, { level })
      const { pValue } = pearsonChiSquare(window, reference)
      return outcome(counted, pValue, pValue < level ? 'drifted' : 'stable')
    },
  },
  nannyml: {
    label:
      'fires by chance alone in 4.4 % of windows against 10 of the reference, 1.3 % against 30, 0.8 % against 60',
    judge: (counted, { deviations = 3 } = {}) => {
      const threshold = thresholdOf(counted.chunks?.ofReference ?? [], deviations)
      if (counted.chunks == null || threshold === Infinity) return UNDECIDED
      const { distance } = counted.chunks
      return outcome(counted, distance, distance > threshold ? 'drifted' : 'stable')
    },
  },
}

/** Evidently's word on a whole set: half of its columns drifted. False without columns. */
export function isDatasetDrifted(outcomes: readonly Pick<RuleOutcome, 'verdict'>[], share = 0.5): boolean {
  const drifted = outcomes.filter(({ verdict }) => verdict === 'drifted').length
  return outcomes.length > 0 && drifted >= outcomes.length * share
}

const UNDECIDED: RuleOutcome = { value: Number.NaN, verdict: 'undecided' }

function outcome({ window, reference }: CountedWindow, value: number, verdict: Verdict): RuleOutcome {
  return total(window) === 0 || total(reference) === 0 ? UNDECIDED : { value, verdict }
}

function distanceRule(counted: CountedWindow, distance: number, threshold: number): RuleOutcome {
  return outcome(counted, distance, distance >= threshold ? 'drifted' : 'stable')
}

/** A test that takes cells as they are, which the bins of a number are far too many for. */
function categoryRule(counted: CountedWindow, pValueOf: () => number, level: number): RuleOutcome {
  if (counted.places !== null) return UNDECIDED
  const pValue = pValueOf()
  return outcome(counted, pValue, pValue < level ? 'drifted' : 'stable')
}

function wassersteinRule(counted: CountedWindow, threshold: number): RuleOutcome {
  const { window, reference, places } = counted
  if (places === null) return UNDECIDED
  return distanceRule(counted, wassersteinOnGrid(window, reference, places).inReferenceDeviations, threshold)
}

function jensenShannonDistance(counted: CountedWindow, cells: number): number {
  const { window, reference } = grouped(counted, cells)
  return Math.sqrt(jensenShannon(window, reference))
}

function grouped({ window, reference, places }: CountedWindow, cells: number) {
  if (places === null) return { window, reference }
  const groups = coarsen(reference, cells)
  return { window: sumGroups(window, groups), reference: sumGroups(reference, groups) }
}
