import type { NumericCounts, NumericReference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import { dkwMargin, ksLowerBound, ksOnGrid } from '../statistics/ks-on-grid.ts'
import { wassersteinBounds } from '../statistics/wasserstein-bounds.ts'
import { wassersteinOnGrid } from '../statistics/wasserstein-on-grid.ts'
import { binMiddles } from './divergences.ts'
import { isAtom } from './grid-distribution.ts'
import type { DetectionOptions } from './options.ts'
import { EFFECT_CONFIDENCE } from './verdict.ts'

/** What a change of a distribution is measured by. */
export const EFFECT_MEASURES = ['psi', 'ks', 'wasserstein'] as const
export type EffectMeasure = (typeof EFFECT_MEASURES)[number]

/** Of `wasserstein`: standard deviations of the reference, or the unit of the feature itself. */
export const EFFECT_UNITS = ['deviations', 'feature'] as const
export type EffectUnit = (typeof EFFECT_UNITS)[number]

/** What matters of one feature, where it is not what matters of the model. */
export interface FeatureEffect {
  readonly measure: EffectMeasure
  /** From where on a sure change is reported, and is a drift; the model's where left out. */
  readonly warning?: number
  readonly drift?: number
  readonly unit?: EffectUnit
}

/** What a change of one distribution is held against. */
export interface EffectRule {
  readonly measure: EffectMeasure
  readonly warning: number
  readonly drift: number
  readonly unit: EffectUnit
}

/** A change by one measure, with 99 % bounds, each by itself. */
export interface Effect {
  readonly value: number
  readonly lower: number
  readonly upper: number
}

/** The rule of a feature: its own words, then the model's. */
export function effectRule(options: DetectionOptions, own: FeatureEffect | null = null): EffectRule {
  const measure = own?.measure ?? options.effect
  const known = {
    psi: { warning: options.psiWarning, drift: options.psiDrift },
    ks: { warning: options.ksWarning, drift: options.ksDrift },
    wasserstein: { warning: options.wassersteinWarning, drift: options.wassersteinDrift },
  }[measure]
  const drift = own?.drift ?? known.drift
  // A threshold of the user's own below the model's warning is a warning itself.
  return {
    measure,
    drift,
    warning: Math.min(drift, own?.warning ?? known.warning),
    unit: own?.unit ?? 'deviations',
  }
}

/**
 * KS distance of a numeric feature from its reference. The lower bound is certified for any law: the distance
 * over the edges less the bands of Dvoretzky, Kiefer and Wolfowitz; the upper one adds what bins may hide.
 * @param designEffect by which rows are worth less than independent ones, 1 at least
 */
export function ksEffect(reference: NumericReference, window: NumericCounts, designEffect: number): Effect {
  const atom = (bin: number): boolean => isAtom(reference.grid, bin)
  const { distance, distanceMax, n, m } = ksOnGrid(window.bins, reference.counts.bins, atom)
  const worth = { n: n / designEffect, m: m / designEffect }
  const margin = n > 0 && m > 0 ? dkwMargin(worth.n, worth.m, EFFECT_CONFIDENCE) : 1
  return {
    value: distance,
    lower: ksLowerBound({ distance, ...worth }, 1 - EFFECT_CONFIDENCE),
    upper: Math.min(1, distanceMax + margin),
  }
}

/** Wasserstein distance of a numeric feature from its reference, in the rule's unit; see `wassersteinBounds`. */
export function wassersteinEffect(
  reference: NumericReference,
  window: NumericCounts,
  designEffect: number,
  unit: EffectUnit,
): Effect {
  const { grid, counts } = reference
  const { distance, inReferenceDeviations } = wassersteinOnGrid(
    window.bins,
    counts.bins,
    binMiddles(reference, window),
  )
  const range = { min: Math.min(counts.min, window.min), max: Math.max(counts.max, window.max) }
  const bounds = wassersteinBounds(
    window.bins,
    counts.bins,
    grid.edges,
    range,
    EFFECT_CONFIDENCE,
    1 / designEffect,
  )
  const scale = unit === 'feature' ? 1 : referenceDeviation(reference)
  return {
    value: unit === 'feature' ? distance : inReferenceDeviations,
    lower: scale > 0 ? bounds.lower / scale : 0,
    upper: scale > 0 ? bounds.upper / scale : Number.POSITIVE_INFINITY,
  }
}

/** Standard deviation of the reference, every value taken for the middle of its bin; 0 of a constant. */
export function referenceDeviation(reference: NumericReference): number {
  const { bins } = reference.counts
  const places = binMiddles(reference, reference.counts)
  const m = total(bins)
  if (m === 0) return 0
  let mean = 0
  for (let bin = 0; bin < bins.length; bin++) mean += (bins[bin]! / m) * places[bin]!
  let variance = 0
  for (let bin = 0; bin < bins.length; bin++) variance += (bins[bin]! / m) * (places[bin]! - mean) ** 2
  return Math.sqrt(variance)
}

/** KS distance of a small shift of a bell curve, per standard deviation: the density at its middle. */
const KS_PER_DEVIATION = 1 / Math.sqrt(2 * Math.PI)

/** The effect of a small shift of a bell curve whose PSI is given: the root of it is the shift in deviations. */
export function effectOfShift(psi: number, { measure, unit }: EffectRule, deviation: number): number {
  if (measure === 'psi') return psi
  const shift = Math.sqrt(psi)
  if (measure === 'ks') return Math.min(1, KS_PER_DEVIATION * shift)
  return unit === 'feature' ? shift * deviation : shift
}

/** The other way round: the PSI of the small shift that has an effect. */
export function shiftOfEffect(effect: number, { measure, unit }: EffectRule, deviation: number): number {
  if (measure === 'psi') return effect
  if (measure === 'ks') return (effect / KS_PER_DEVIATION) ** 2
  return (unit === 'feature' ? effect / deviation : effect) ** 2
}
