import { type FiredTrigger, firedByFinding } from './fired-trigger.ts'
import { findingOfMetric, worsening } from './metric-value.ts'
import type { TriggerObservation } from './observation.ts'
import type { MetricTrigger } from './policy.ts'

/** What a metric was, in the order of time. */
export interface MetricHistory {
  /** The trigger's name. */
  readonly name: string
  readonly points: readonly { readonly at: number; readonly value: number }[]
}

/** Points a history holds; the stretch a rule looks back over is divided by them. */
const POINTS_MAX = 64

/**
 * Fires while the metric of the newest window breaks the rule: absolute (`below`, `above`), relative to the
 * reference, or by its rate of change. It compares numbers and tests nothing: near the limit it flickers.
 * Silent while the metric is undecided, and for a rate of change until the history reaches back far enough.
 */
export function evaluateMetric(
  trigger: MetricTrigger,
  history: MetricHistory | undefined,
  { findings, at }: TriggerObservation,
): FiredTrigger | null {
  const { metric, source, rule } = trigger
  const finding = findingOfMetric(findings, metric, source)
  if (finding === null) return null
  const { value, referenceValue } = finding
  const told = `${source === 'estimated' ? 'estimated ' : ''}${metric} ${short(value)}`
  switch (rule.kind) {
    case 'below':
    case 'above': {
      const breaks = rule.kind === 'below' ? value < rule.limit : value > rule.limit
      return breaks ? firedByFinding(trigger, finding, `${told}, ${rule.kind} ${rule.limit}`) : null
    }
    case 'worse-than-reference': {
      if (referenceValue === null || worsening(metric, referenceValue, value) < rule.share) return null
      return firedByFinding(trigger, finding, `${told}, ${short(referenceValue)} in the reference`)
    }
    case 'worse-within': {
      const before = history?.points.findLast((point) => point.at <= at - rule.withinMs)
      if (before === undefined || worsening(metric, before.value, value) < rule.share) return null
      const then = new Date(before.at).toISOString()
      return firedByFinding(trigger, finding, `${told}, ${short(before.value)} at ${then}`)
    }
  }
}

/**
 * Adds what the metric is now. Points lie at least a 64th of the rule's stretch apart, and of those older
 * than the stretch the newest alone is kept. Of other rules nothing is remembered: null.
 */
export function advanceHistory(
  previous: MetricHistory | undefined,
  { name, metric, source, rule }: MetricTrigger,
  { findings, at }: TriggerObservation,
): MetricHistory | null {
  if (rule.kind !== 'worse-within') return null
  const finding = findingOfMetric(findings, metric, source)
  const known = previous?.points ?? []
  const last = known.at(-1)
  const isDue = last === undefined || at - last.at >= rule.withinMs / POINTS_MAX
  const points = finding !== null && isDue ? [...known, { at, value: finding.value }] : known
  const oldest = points.findLastIndex((point) => point.at <= at - rule.withinMs)
  return { name, points: oldest > 0 ? points.slice(oldest) : points }
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
