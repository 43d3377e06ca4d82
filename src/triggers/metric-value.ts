import { GAINS } from '../detectors/performance.ts'
import type { Finding } from '../events/finding.ts'
import type { MetricSource } from './policy.ts'

/**
 * The finding of a metric in the shortest window it was judged in, of several of that length the newest;
 * null where there is none, or where it is undecided: too little data says nothing, not even that all is well.
 */
export function findingOfMetric(
  findings: readonly Finding[],
  metric: string,
  source: MetricSource,
): (Finding & { readonly value: number }) | null {
  const detector = source === 'measured' ? 'performance' : 'estimated-performance'
  const lengthOf = ({ window }: Finding): number => (window === undefined ? 0 : window.toMs - window.fromMs)
  const [shortest] = findings
    .filter((finding) => finding.detector === detector && finding.statistic === metric)
    .sort((a, b) => lengthOf(a) - lengthOf(b) || (b.window?.toMs ?? 0) - (a.window?.toMs ?? 0))
  if (shortest === undefined || shortest.verdict === 'undecided' || shortest.value === null) return null
  return { ...shortest, value: shortest.value }
}

/** By which share of `before` a metric is worse than before; negative: better. From 0 any worsening is Infinity. */
export function worsening(metric: string, before: number, now: number): number {
  const worse = isGain(metric) ? before - now : now - before
  return worse === 0 ? 0 : worse / Math.abs(before)
}

/** Whether more of the metric is better. */
export function isGain(metric: string): boolean {
  return (GAINS as ReadonlySet<string>).has(metric)
}
