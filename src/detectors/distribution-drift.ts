import type { Finding, Measure } from '../events/finding.ts'
import { type Counts, total } from '../statistics/count-totals.ts'
import { poolCells } from '../statistics/pool-cells.ts'
import { stabilityIndex } from '../statistics/psi.ts'
import { psiBounds } from '../statistics/psi-interval.ts'
import type { CompiledDistribution, DistributionTest } from './compiled-distribution.ts'
import { type Effect, type EffectRule, effectOfShift } from './effect.ts'
import { findingOf } from './finding-of.ts'
import type { TestOptions } from './options.ts'
import { basisOf, borrowedNull, judgeByPanes, type NullBasis } from './pane-null.ts'
import { smallestPsi } from './power.ts'
import { EFFECT_CONFIDENCE, verdictOf } from './verdict.ts'
import { decimal } from './wording.ts'

/** An episode is over where this much is no longer against it; above, nobody asks how likely a window is. */
export const HEALTHY_P_VALUE = 0.1

const EXPECTED_MIN = 5

/** What a finding is about, and the words and measures that only a real change is worth. */
export interface DistributionSubject {
  readonly detector: Finding['detector']
  readonly subject: string
  /** What moved, in the subject's own units; `cell` surprises most, -1 where none does. */
  readonly describe: (cell: number) => string
  readonly measures: () => Measure[]
  /** What the change is measured by, where that is not the PSI. */
  readonly effect?: DistributionEffect
}

/** A measure of a change beside the PSI, with what it is held against. */
export interface DistributionEffect {
  readonly rule: EffectRule
  readonly measure: () => Effect
  /** Standard deviation of the reference, in the feature's own unit. */
  readonly deviation: () => number
}

/**
 * Compares one distribution with its reference: an omnibus test decides whether it changed at all, the PSI
 * how much. One finding.
 *
 * p-value: that of the omnibus for independent rows; where the reference's own windows scatter more than
 * that, the larger one of it and of Hotelling's T² against them. Above 0.1 it is not told (null): windows
 * without any sign of a change are most of all windows, and are screened at a third of the cost.
 * `value` is the PSI, or what the subject's effect measures (told where the p-value is), on cells of at least 5 expected values; its bounds count each row for as little as the reference's windows make it worth.
 * Verdict by `verdictOf` on it against `psiDrift`, `warning` from `psiWarning` on, or as the effect's rule says.
 * @param windows how many base windows of the reference this one is as long as
 */
export function judgeDistribution(
  about: DistributionSubject,
  compiled: CompiledDistribution,
  cells: Counts,
  windows: number,
  options: TestOptions,
): Finding {
  const { detector, subject, effect } = about
  const { m } = compiled
  const n = total(cells)
  const { alpha } = options
  const rule = effect?.rule ?? null
  const threshold = rule?.drift ?? options.psiDrift
  const named = rule === null ? {} : namesOf(rule)
  const common = { detector, subject, statistic: 'omnibus', ...named, threshold, n, m, alpha } as const
  const test = compiled.screen(cells, Math.max(HEALTHY_P_VALUE, alpha), n)
  const law = nullOf(compiled, test, cells, windows)
  const psiSeen = compiled.designEffect * smallestPsi(alpha, n, m)
  const resolution = effect === undefined ? psiSeen : effectOfShift(psiSeen, effect.rule, effect.deviation())
  if (test === null) {
    const evidence = { n, m, pValue: 1, effect: 0, effectLower: 0, threshold, resolution }
    return findingOf({
      ...common,
      verdict: verdictOf(evidence, options),
      value: null,
      pValue: null,
      null: law.basis,
      message: `${subject} shows no change on ${n} values`,
    })
  }
  const { value, lower, upper } = effect?.measure() ?? stabilityOf(compiled, cells)
  const { pValue } = law
  const isSure = pValue <= alpha
  const verdict = verdictOf(
    {
      n,
      m,
      pValue,
      effect: value,
      effectLower: lower,
      effectUpper: upper,
      threshold,
      warningThreshold: rule?.warning ?? options.psiWarning,
      resolution,
    },
    options,
  )
  const size = `${subject} has ${wordsOf(rule)} ${decimal(value)} (at least ${decimal(lower)}) on ${n} values`
  return findingOf({
    ...common,
    verdict,
    value,
    pValue,
    effectLower: lower,
    effectUpper: upper,
    null: law.basis,
    ...(isSure ? { measures: about.measures() } : {}),
    message: isSure ? `${size}; ${about.describe(test.cell)}` : size,
  })
}

function namesOf({ measure, unit }: EffectRule): Pick<Finding, 'effect' | 'effectUnit'> {
  return measure === 'wasserstein' ? { effect: measure, effectUnit: unit } : { effect: measure }
}

function wordsOf(rule: EffectRule | null): string {
  if (rule === null) return 'PSI'
  if (rule.measure === 'ks') return 'KS distance'
  return rule.unit === 'feature' ? 'Wasserstein distance' : 'Wasserstein distance in deviations'
}

/** The p-value by whatever is known of how windows scatter. */
function nullOf(
  { scatter, borrowed, means }: CompiledDistribution,
  test: DistributionTest | null,
  cells: Counts,
  windows: number,
): { readonly pValue: number; readonly basis: NullBasis } {
  if (test === null) return { pValue: 1, basis: basisOf(scatter ?? borrowed) }
  return scatter === null
    ? borrowedNull(borrowed, test.pValue)
    : judgeByPanes(scatter, means(cells), windows, test.pValue)
}

/** PSI of the pooled cells, with bounds for as many independent rows as there are. */
function stabilityOf(
  { kind, reference, pooled, pooledReference, designEffect }: CompiledDistribution,
  cells: Counts,
): Effect {
  const thick =
    kind === 'numeric'
      ? { window: pooled(cells), reference: pooledReference }
      : poolCells(cells, reference, EXPECTED_MIN, false)
  const seen = stabilityIndex(thick.window, thick.reference)
  const worth = (counts: Counts): Counts => Float64Array.from(counts, (count) => count / designEffect)
  const independent = designEffect === 1 ? seen : stabilityIndex(worth(thick.window), worth(thick.reference))
  return { value: seen.psi, ...psiBounds(independent, EFFECT_CONFIDENCE) }
}
