import { z } from 'zod'
import { timeRange } from './fields.ts'

export const verdict = z.enum(['undecided', 'stable', 'warning', 'drifted'])
export type Verdict = z.infer<typeof verdict>

/** A measure that decides nothing; bounds where it has some. */
const measure = z.object({
  statistic: z.string(),
  value: z.number().nullable(),
  lower: z.number().nullable().optional(),
  upper: z.number().nullable().optional(),
})
export type Measure = z.infer<typeof measure>

/**
 * What one detector says of one subject in one window: the evidence in drift events and retrain requests.
 * Numbers that a statistic does not define (a p-value of a plain distance) are null, never 0.
 */
export const finding = z.object({
  detector: z.enum([
    'numeric-drift',
    'categorical-drift',
    'score-drift',
    'prediction-drift',
    'data-quality',
    'performance',
    'estimated-performance',
    'label-drift',
    'label-coverage',
    'label-delay',
    'classic',
  ]),
  /** A feature's name, or the metric's name for performance; `label` for labels, their coverage and their delay. */
  subject: z.string(),
  verdict,
  /** What decided: `omnibus`, `missing-rate`, `out-of-range-rate`, `auc`, `e-detector` … */
  statistic: z.string(),
  /** Of `omnibus` the PSI, or what `effect` says: the p-value is that of several tests at once, which have no size in common. */
  value: z.number().nullable(),
  /** The same quantity in the reference, where it has one (a rate, a metric). */
  referenceValue: z.number().nullable(),
  pValue: z.number().nullable(),
  /** Of a feature among all that were judged with it: of those named up to it, so many are expected to be wrong. */
  qValue: z.number().optional(),
  /** Of a feature among the same: to name all up to it errs in any of them with at most this probability. */
  adjustedPValue: z.number().optional(),
  /** Confidence bounds of the effect (for a metric: of its change against the reference). */
  effectLower: z.number().nullable(),
  effectUpper: z.number().nullable(),
  /** What the effect of a numeric feature is measured by where that is not the PSI: `value`, bounds, threshold. */
  effect: z.enum(['psi', 'ks', 'wasserstein']).optional(),
  /** Unit of a Wasserstein distance: standard deviations of the reference, or the feature's own. */
  effectUnit: z.enum(['deviations', 'feature']).optional(),
  /** What the effect is held against. */
  threshold: z.number().nullable(),
  /** Sample sizes: the window's and the reference's. */
  n: z.number(),
  m: z.number(),
  /** One sentence for people: what was seen, in the subject's own units. */
  message: z.string(),
  /** The level the p-value is held against: this test's part of the budget of false alarms, at each look. */
  alpha: z.number().optional(),
  /**
   * What the p-value rests on: `panes` the reference's own base windows scatter more than independent rows
   * would, and that scatter was taken; `independent` they do not; `unknown` the reference cannot tell.
   */
  null: z.enum(['panes', 'independent', 'unknown']).optional(),
  /** The window it was seen in: of several lengths the one that shows it most. Absent: the event's. */
  window: timeRange.optional(),
  /** The same change by other measures, reported beside what decides. */
  measures: z.array(measure).optional(),
})
export type Finding = z.infer<typeof finding>

export const findingExample: Finding = {
  detector: 'data-quality',
  subject: 'origin',
  verdict: 'drifted',
  statistic: 'missing-rate',
  value: 0.31,
  referenceValue: 0,
  pValue: 1e-80,
  effectLower: 0.28,
  effectUpper: 0.34,
  threshold: 0.02,
  n: 912,
  m: 471203,
  message: 'origin is missing in 31.0 % of 912 values, 0.0 % in the reference',
  window: { fromMs: Date.UTC(2001, 2, 12, 0), toMs: Date.UTC(2001, 2, 12, 2) },
}
