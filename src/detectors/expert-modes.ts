import type { Finding } from '../events/finding.ts'
import type { FeatureCounts, FeatureReference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import { type CountedWindow, FIXED_RULES, type FixedRuleName } from './classics/fixed-rules.ts'
import { CLASSICS, type ClassicName } from './classics/index.ts'
import { binMiddles } from './divergences.ts'
import { findingOf } from './finding-of.ts'
import { decimal } from './wording.ts'

/** What other tools do, by its usual name: thresholds on features, and detectors on outcomes. */
export type ExpertMode = FixedRuleName | ClassicName

/** In the order in which they are told. */
export const EXPERT_MODES: readonly ExpertMode[] = [
  ...(Object.keys(FIXED_RULES) as FixedRuleName[]),
  ...(Object.keys(CLASSICS) as ClassicName[]),
]

function isFixedRule(mode: ExpertMode): mode is FixedRuleName {
  return Object.hasOwn(FIXED_RULES, mode)
}

export function isClassic(mode: ExpertMode): mode is ClassicName {
  return Object.hasOwn(CLASSICS, mode)
}

/**
 * What fixed thresholds say of a feature's window, one finding each. Every message ends with the rule's own
 * honest line; no budget bounds them, so what they show is to be watched and asks for no retrain.
 */
export function fixedRuleFindings(
  modes: readonly ExpertMode[],
  feature: string,
  reference: FeatureReference,
  window: FeatureCounts,
): Finding[] {
  const rules = modes.filter(isFixedRule)
  const counted = rules.length === 0 ? null : countedOf(reference, window)
  if (counted === null) return []
  const n = total(counted.window)
  return rules.map((name) => {
    const { value, verdict } = FIXED_RULES[name].judge(counted)
    return findingOf({
      detector: 'classic',
      subject: feature,
      statistic: name,
      verdict,
      value,
      n,
      m: total(counted.reference),
      message: `${feature} has ${name} ${decimal(value)} on ${n} values (expert mode, ${FIXED_RULES[name].label})`,
    })
  })
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
