import type { Finding } from '../events/finding.ts'
import { type DistributionPanes, paneMeans } from '../sketches/reference-panes.ts'
import type { FeatureCounts, FeatureReference } from '../sketches/types.ts'
import { type Counts, total } from '../statistics/count-totals.ts'
import { smoothDistance } from './classics/chunk-threshold.ts'
import {
  type CountedWindow,
  FIXED_RULES,
  type FixedRule,
  type FixedRuleName,
  isDatasetDrifted,
} from './classics/fixed-rules.ts'
import { CLASSICS, type ClassicName } from './classics/index.ts'
import { PANE_CHARTS, type PaneChartName } from './classics/pane-charts.ts'
import { binMiddles } from './divergences.ts'
import { findingOf } from './finding-of.ts'
import { decimal, percent } from './wording.ts'

/** What other tools do, by its usual name: thresholds on features, and detectors on outcomes. */
export type ExpertMode = FixedRuleName | 'evidently-dataset' | ClassicName | PaneChartName

/** In the order in which they are told. */
export const EXPERT_MODES: readonly ExpertMode[] = [
  ...(Object.keys(FIXED_RULES) as FixedRuleName[]),
  'evidently-dataset',
  ...(Object.keys(CLASSICS) as ClassicName[]),
  ...(Object.keys(PANE_CHARTS) as PaneChartName[]),
]

/** Options of a mode that are not its usual ones. */
export type ModeOptions = Readonly<Record<string, number | boolean | string>>

/** A mode, with options of its own. */
export interface ChosenMode {
  readonly name: ExpertMode
  readonly options: ModeOptions
}

/** A mode by its name alone has its usual options. */
export type ModeChoice = ExpertMode | ChosenMode

export function chosenMode(choice: ModeChoice): ChosenMode {
  return typeof choice === 'string' ? { name: choice, options: {} } : choice
}

function isFixedRule(mode: ExpertMode): mode is FixedRuleName {
  return Object.hasOwn(FIXED_RULES, mode)
}

export function isClassic(mode: ExpertMode): mode is ClassicName {
  return Object.hasOwn(CLASSICS, mode)
}

export function isPaneChart(mode: ExpertMode): mode is PaneChartName {
  return Object.hasOwn(PANE_CHARTS, mode)
}

/** Rights and wrongs are asked for, which a regression has none of. */
export function needsRightAndWrong(mode: ExpertMode): boolean {
  return mode === 'rate-scan' || (isClassic(mode) && CLASSICS[mode].input === 'outcome')
}

/** What a rule that compares windows with windows asks of the reference; null where it knows none as long. */
export interface ComparedWindows {
  readonly panes: DistributionPanes
  /** Means of the components over a window's cells. */
  readonly means: (cells: Counts) => Float64Array
}

/**
 * What fixed thresholds say of a feature's window, one finding each. Every message ends with the rule's own
 * honest line; no budget bounds them, so what they show is to be watched and asks for no retrain.
 * @param compared of this feature, for `nannyml`
 */
export function fixedRuleFindings(
  modes: readonly ModeChoice[],
  feature: string,
  reference: FeatureReference,
  window: FeatureCounts,
  compared: ComparedWindows | null = null,
): Finding[] {
  const rules = modes.map(chosenMode).filter(({ name }) => isFixedRule(name))
  const counted = rules.length === 0 ? null : countedOf(reference, window)
  if (counted === null) return []
  const n = total(counted.window)
  return rules.map(({ name, options }) => {
    const rule: FixedRule<ModeOptions> = FIXED_RULES[name as FixedRuleName]
    const chunks = name === 'nannyml' && compared !== null ? chunksOf(compared, counted.window) : null
    const { value, verdict } = rule.judge({ ...counted, chunks }, options)
    return findingOf({
      detector: 'classic',
      subject: feature,
      statistic: name,
      verdict,
      value,
      n,
      m: total(counted.reference),
      message: `${feature} has ${name} ${decimal(value)} on ${n} values (expert mode, ${rule.label})`,
    })
  })
}

/**
 * What Evidently's rule says of all features together: a drift where half of them (`share`) drifted by its
 * rule. None where it is not asked for, or no feature was judged by it.
 */
export function datasetFindings(modes: readonly ModeChoice[], columns: readonly RuledColumn[]): Finding[] {
  const chosen = modes.map(chosenMode).find(({ name }) => name === 'evidently-dataset')
  if (chosen === undefined || columns.length === 0) return []
  const { share = 0.5, ...options } = chosen.options
  const rule: FixedRule<ModeOptions> = FIXED_RULES.evidently
  const outcomes = columns.flatMap(({ reference, window }) => {
    const counted = countedOf(reference, window)
    return counted === null ? [] : [{ ...rule.judge(counted, options), n: total(counted.window) }]
  })
  const drifted = outcomes.filter(({ verdict }) => verdict === 'drifted').length
  const n = Math.max(0, ...outcomes.map((one) => one.n))
  return [
    findingOf({
      detector: 'classic',
      subject: 'dataset',
      statistic: 'evidently-dataset',
      verdict: n === 0 ? 'undecided' : isDatasetDrifted(outcomes, Number(share)) ? 'drifted' : 'stable',
      value: drifted / outcomes.length,
      threshold: Number(share),
      n,
      m: 0,
      message: `${percent(drifted / outcomes.length)} of ${outcomes.length} features drifted by evidently's rule (expert mode, ${DATASET_LABEL})`,
    }),
  ]
}

/** One feature's window and reference. */
export interface RuledColumn {
  readonly reference: FeatureReference
  readonly window: FeatureCounts
}

const DATASET_LABEL = 'as evidently on half of the features at once, so rarer the more there are'

/** The window's distance and those of the reference's windows, by their components. */
function chunksOf({ panes, means }: ComparedWindows, cells: Counts): NonNullable<CountedWindow['chunks']> {
  return { distance: smoothDistance(means(cells)), ofReference: paneMeans(panes).map(smoothDistance) }
}

function countedOf(reference: FeatureReference, window: FeatureCounts): CountedWindow | null {
  if (reference.kind === 'numeric' && window.kind === 'numeric') {
    const places = binMiddles(reference, window.counts)
    return { window: window.counts.bins, reference: reference.counts.bins, places }
  }
  if (reference.kind === 'categorical' && window.kind === 'categorical') {
    return { window: window.counts.cells, reference: reference.counts.cells, places: null }
  }
  return null
}
