import type { Finding, Measure } from '../events/finding.ts'
import type { NumericCounts, NumericReference } from '../sketches/types.ts'
import type { CompiledDistribution } from './compiled-distribution.ts'
import { type DistributionEffect, judgeDistribution } from './distribution-drift.ts'
import { divergences } from './divergences.ts'
import { type EffectRule, effectRule, ksEffect, referenceDeviation, wassersteinEffect } from './effect.ts'
import { gridDistribution } from './grid-distribution.ts'
import type { TestOptions } from './options.ts'
import { decimal } from './wording.ts'

/**
 * Compares the distribution of a numeric feature with its reference: one finding, decided by the omnibus on
 * all bins and by the PSI on at most 20 groups of them, or by what `rule` measures (`judgeDistribution`). Missing and malformed values
 * are `judgeDataQuality`'s concern.
 *
 * Reported beside it where it decides: KS over the edges with bounds (Dvoretzky–Kiefer–Wolfowitz; the upper
 * one includes what bins may hide), Jensen–Shannon divergence in nats, and the Wasserstein distance in
 * standard deviations of the reference.
 * @param compiled of the reference's bins
 * @param windows how many base windows of the reference this one is as long as
 * @param rule what matters of the feature; by default what matters of the model
 */
export function judgeNumericDrift(
  feature: string,
  reference: NumericReference,
  compiled: CompiledDistribution,
  window: NumericCounts,
  windows: number,
  options: TestOptions,
  rule: EffectRule = effectRule(options),
): Finding {
  const effect = effectOf(rule, reference, compiled, window)
  return judgeDistribution(
    {
      ...(effect === null ? {} : { effect }),
      detector: 'numeric-drift',
      subject: feature,
      describe: () => medianMove(reference, window),
      measures: () => [ksMeasure(reference, window), ...divergences(reference, compiled, window)],
    },
    compiled,
    window.bins,
    windows,
    rule.measure === 'psi' ? { ...options, psiDrift: rule.drift, psiWarning: rule.warning } : options,
  )
}

function ksMeasure(reference: NumericReference, window: NumericCounts): Measure {
  return { statistic: 'ks', ...ksEffect(reference, window, 1) }
}

/** The PSI is measured on the cells alone, like that of any distribution. */
function effectOf(
  rule: EffectRule,
  reference: NumericReference,
  { designEffect }: CompiledDistribution,
  window: NumericCounts,
): DistributionEffect | null {
  if (rule.measure === 'psi') return null
  return {
    rule,
    measure: () =>
      rule.measure === 'ks'
        ? ksEffect(reference, window, designEffect)
        : wassersteinEffect(reference, window, designEffect, rule.unit),
    deviation: () => (rule.unit === 'feature' ? referenceDeviation(reference) : 1),
  }
}

function medianMove(reference: NumericReference, window: NumericCounts): string {
  const median = gridDistribution(reference.grid, window).quantile(0.5)
  const referenceMedian = gridDistribution(reference.grid, reference.counts).quantile(0.5)
  if (Number.isNaN(median) || Number.isNaN(referenceMedian)) return 'no median to compare'
  return `median ${decimal(median)}, ${decimal(referenceMedian)} in the reference`
}
