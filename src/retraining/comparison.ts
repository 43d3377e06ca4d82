import type { GateResult } from '../events/deployment-event.ts'
import { blockLength } from '../statistics/block-length.ts'
import { bootstrapInterval, bootstrapRepeatsMin } from '../statistics/bootstrap-interval.ts'
import { createRandom } from '../statistics/random.ts'
import { gateOf } from './gate.ts'
import { GAINS, METRIC_NAMES, type Metric, rowParts, weightedMetric } from './metric.ts'
import type { RetrainingOptions } from './options.ts'
import type { Problem } from './outcome.ts'
import type { Pair } from './pair.ts'

/** What is asked of the difference of challenger and champion, in the metric's unit. */
export type Demand =
  /** Surely better by more than this, at the interval's unfavourable end; negative: surely not so much worse. */
  | { readonly kind: 'better'; readonly improvementMin: number }
  /** Surely no more than this worse, at the interval's unfavourable end. */
  | { readonly kind: 'not-inferior'; readonly lossMax: number }
  /** Not shown to be worse by more than this, at the interval's favourable end. */
  | { readonly kind: 'not-shown-worse'; readonly lossMax: number }
  /** Told, and held against nothing. */
  | { readonly kind: 'none' }

export interface Comparison extends Problem {
  readonly gate: string
  readonly metric: Metric
  readonly demand: Demand
  readonly confidence: number
  readonly repeats: number
  readonly draws: RetrainingOptions['draws']
  readonly seed: string
  /** What the events are called in the message, such as `holdout events`. */
  readonly rows: string
}

/**
 * Holds the metric of the challenger minus that of the champion, on the same rows, against a demand. The
 * interval is a paired bootstrap: both models are weighted by the same draws, so what is hard for both does
 * not widen it. Where events next to one another in time err alike, drawing them one by one makes it too narrow;
 * `draws: blocks` draws as many together as the rows' differences remember: `pairs` come in the order of time.
 * Without an interval a demand is not met, and the message says why there is none.
 */
export function comparisonGate(pairs: readonly Pair[], comparison: Comparison): GateResult {
  const { gate, metric, demand, confidence, repeats, draws, rows } = comparison
  const name = METRIC_NAMES[metric]
  const threshold = thresholdOf(demand, GAINS.has(metric))
  const shut = { passed: demand.kind === 'none', threshold }
  const sides = (['champion', 'challenger'] as const).map((side) =>
    weightedMetric(
      metric,
      comparison,
      pairs.map((pair) => pair[side]),
    ),
  )
  const differenceUnder = (weights: Uint32Array): number | null => {
    const [was, is] = sides.map((side) => side(weights))
    return was == null || is == null || !Number.isFinite(is - was) ? null : is - was
  }
  const value = differenceUnder(new Uint32Array(pairs.length).fill(1))
  if (value === null) {
    return gateOf(gate, pairs.length, {
      ...shut,
      message: `${name} is not defined on ${pairs.length} events`,
    })
  }
  const random = createRandom(comparison.seed)
  const together = draws === 'rows' ? 1 : blockLength(rowDifferences(metric, comparison, pairs))
  const interval = bootstrapInterval(pairs.length, differenceUnder, {
    confidence,
    repeats,
    random,
    blockLength: together,
  })
  if (interval === null) {
    const repeatsMin = bootstrapRepeatsMin(confidence)
    const message =
      repeats < repeatsMin
        ? `${repeats} bootstrap repeats, at least ${repeatsMin} expected for confidence ${confidence}`
        : `too few events of one class among ${pairs.length} for an interval of the ${name}`
    return gateOf(gate, pairs.length, { ...shut, value, message })
  }
  return gateOf(gate, pairs.length, {
    ...shut,
    ...interval,
    value,
    passed: met(demand, interval, threshold, GAINS.has(metric)),
    message: `${name} of the challenger minus the champion on ${pairs.length} ${rows}${together === 1 ? '' : `, drawn in blocks of ${together}`}`,
  })
}

/** What each row adds to the difference, in the rows' order. */
function rowDifferences(metric: Metric, problem: Problem, pairs: readonly Pair[]): Float64Array {
  const [was, is] = (['champion', 'challenger'] as const).map((side) =>
    rowParts(
      metric,
      problem,
      pairs.map((pair) => pair[side]),
    ),
  )
  return is!.map((part, row) => part - was![row]!)
}

function thresholdOf(demand: Demand, gain: boolean): number | null {
  switch (demand.kind) {
    case 'better':
      return gain ? demand.improvementMin : 0 - demand.improvementMin
    case 'not-inferior':
    case 'not-shown-worse':
      return gain ? 0 - demand.lossMax : demand.lossMax
    case 'none':
      return null
  }
}

function met(
  demand: Demand,
  { lower, upper }: { readonly lower: number; readonly upper: number },
  threshold: number | null,
  gain: boolean,
): boolean {
  if (threshold === null) return true
  switch (demand.kind) {
    case 'better':
      return gain ? lower > threshold : upper < threshold
    case 'not-inferior':
      return gain ? lower >= threshold : upper <= threshold
    default:
      return gain ? upper >= threshold : lower <= threshold
  }
}
