import type { GateResult } from '../events/deployment-event.ts'
import { bootstrapRepeatsMin } from '../statistics/bootstrap-interval.ts'
import { comparisonGate, type Demand } from './comparison.ts'
import { METRIC_NAMES, metricOf } from './metric.ts'
import type { RetrainingOptions } from './options.ts'
import type { Problem } from './outcome.ts'
import type { Pair } from './pair.ts'

/** More segments than these are not judged one by one: the smallest are judged together. */
export const SEGMENTS_MAX = 20

/** A loss that is shown counts from this share of the champion's own metric: with enough rows any is shown. */
const SHOWN_LOSS_SHARE = 0.05

const OTHERS = 'the other segments'

/**
 * One gate a segment: better on the whole is no licence to be worse for some. A segment of fewer than
 * `segmentMin` rows is judged with the other small ones, since few rows show nothing.
 *
 * With a `segmentLossMax` each must surely lose no more than that. Without one, none may be shown to lose more
 * than a twentieth of the champion's metric on it; the confidence is then shared among the segments (Bonferroni), so that many of them are no more often shut
 * by chance than one. No gates where no event names a segment.
 */
export function segmentGates(
  pairs: readonly Pair[],
  problem: Problem,
  options: RetrainingOptions,
  seed: string,
): GateResult[] {
  const groups = groupBySegment(pairs, options.gates.segmentMin)
  const { segmentLossMax } = options.gates
  const demandOf = (own: readonly Pair[]): Demand => {
    if (segmentLossMax !== null) return { kind: 'not-inferior', lossMax: segmentLossMax }
    const champion = own.map((pair) => pair.champion)
    const lossMax = SHOWN_LOSS_SHARE * Math.abs(metricOf(options.metric, problem, champion) ?? 0)
    return { kind: 'not-shown-worse', lossMax }
  }
  const shared = 1 - (1 - options.confidence) / Math.max(1, groups.length)
  const confidence = segmentLossMax === null ? shared : options.confidence
  const { task, positiveLabel } = problem
  return groups.map(([segment, own]) =>
    comparisonGate(own, {
      task,
      positiveLabel,
      gate: `${METRIC_NAMES[options.metric]} difference, ${segment}`,
      metric: options.metric,
      demand: demandOf(own),
      confidence,
      repeats: Math.max(options.bootstrapRepeats, bootstrapRepeatsMin(confidence)),
      draws: options.draws,
      seed: `${seed} ${segment}`,
      rows: `holdout events of ${segment}`,
    }),
  )
}

/** Largest first, then by name; what is small, or beyond the largest, together at the end if it is enough. */
function groupBySegment(pairs: readonly Pair[], rowsMin: number): (readonly [string, readonly Pair[]])[] {
  const bySegment = new Map<string, Pair[]>()
  for (const pair of pairs) {
    if (pair.segment === null) continue
    const group = bySegment.get(pair.segment)
    if (group === undefined) bySegment.set(pair.segment, [pair])
    else group.push(pair)
  }
  const ordered = [...bySegment].sort(
    ([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1),
  )
  const own = ordered.filter(([, group], rank) => rank < SEGMENTS_MAX && group.length >= rowsMin)
  const others = ordered.slice(own.length).flatMap(([, group]) => group)
  const named = own.map(([segment, group]) => [`segment ${segment}`, group] as const)
  return others.length >= rowsMin ? [...named, [OTHERS, others]] : named
}
