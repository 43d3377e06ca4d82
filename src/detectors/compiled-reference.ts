import type { OutcomePanes } from '../sketches/reference-panes.ts'
import type { PerformanceCounts, Reference } from '../sketches/types.ts'
import { type CompiledDistribution, compileCategorical, compileNumeric } from './compiled-distribution.ts'
import type { DelayScatter } from './label-delay.ts'
import { type LabelScatter, labelScatter } from './label-scatter.ts'
import type { KnownMetrics } from './metric-comparison.ts'
import { type OutcomeScatter, outcomeScatter } from './outcome-scatter.ts'
import type { RatePanes } from './rate-scatter.ts'
import { type ScoreCalibration, scoreCalibration } from './score-calibration.ts'
import { predictionCells, scoreCells } from './score-drift.ts'

/** All that judging against a reference needs to be worked out once. */
export interface CompiledReference {
  /** @throws TypeError for a feature that the reference does not have */
  readonly feature: (name: string) => CompiledDistribution
  /** Missing and malformed values in each of the reference's windows; null where it knows none. */
  readonly odd: (name: string) => RatePanes | null
  /** How labels lie in them; null where it knows none. */
  readonly labels: LabelScatter | null
  /** Null where the reference holds no scores. */
  readonly score: CompiledDistribution | null
  readonly prediction: CompiledDistribution | null
  /** Null where the reference holds no labelled scores. */
  readonly calibration: ScoreCalibration | null
  readonly outcomes: OutcomeScatter['byMetric']
  /** Metrics of its outcomes, as far as they have been asked for. */
  readonly metrics: KnownMetrics
  /** How the delays of labels lie in them; null where it knows none. */
  readonly delays: DelayScatter | null
  /** Length of the base windows that the reference knows its scatter by, ms; null where it knows none. */
  readonly paneMs: number | null
}

/** A reference never changes, and is forgotten with what was worked out of it. */
const compiled = new WeakMap<Reference, CompiledReference>()

export function compiledReference(reference: Reference): CompiledReference {
  let known = compiled.get(reference)
  if (known === undefined) {
    known = compile(reference)
    compiled.set(reference, known)
  }
  return known
}

function compile(reference: Reference): CompiledReference {
  const { performance } = reference
  const panes = reference.panes ?? null
  const features = new Map<string, CompiledDistribution>()
  return {
    feature(name) {
      let feature = features.get(name)
      if (feature === undefined) {
        const known = reference.features.get(name)!
        const scatter = panes?.features.get(name) ?? null
        feature =
          known.kind === 'numeric'
            ? compileNumeric(known.counts.bins, scatter)
            : compileCategorical(known.counts.cells, scatter)
        features.set(name, feature)
      }
      return feature
    },
    odd(name) {
      const known = panes?.features.get(name)
      return known === undefined
        ? null
        : { hits: known.odd, sizes: known.n.map((n, pane) => n + known.odd[pane]!) }
    },
    labels: performance === null || panes === null ? null : labelScatter(performance, panes),
    ...scoresOf(performance, panes?.scores ?? null),
    calibration: performance === null ? null : scoreCalibration(performance),
    outcomes:
      performance === null || panes === null || panes.outcomes === null
        ? new Map()
        : outcomeScatter(performance, panes.outcomes),
    metrics: new Map(),
    delays: delayScatter(panes?.outcomes ?? null),
    paneMs: panes?.windowMs ?? null,
  }
}

function delayScatter(outcomes: OutcomePanes | null): DelayScatter | null {
  if (outcomes === null || outcomes.delayed.length === 0) return null
  const { delayed: sizes, afterMedian, afterMost } = outcomes
  return { 'median-delay': { hits: afterMedian, sizes }, 'p90-delay': { hits: afterMost, sizes } }
}

function scoresOf(
  performance: PerformanceCounts | null,
  panes: Parameters<typeof compileNumeric>[1],
): Pick<CompiledReference, 'score' | 'prediction'> {
  if (performance === null || performance.scores.length === 0) return { score: null, prediction: null }
  const score = compileNumeric(scoreCells(performance), panes)
  return { score, prediction: compileCategorical(predictionCells(performance), null, score.scatter) }
}
