import { delayCellsWithin } from '../sketches/label-delays.ts'
import type { Reference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'
import type { Allotment } from './budget.ts'
import { compiledReference } from './compiled-reference.ts'
import {
  type EffectRule,
  effectOfShift,
  effectRule,
  type FeatureEffect,
  referenceDeviation,
  shiftOfEffect,
} from './effect.ts'
import { chanceVariance } from './estimated-performance.ts'
import type { JudgedTest } from './judged-tests.ts'
import { DELAY_QUANTILES, smallestDelayChange } from './label-delay.ts'
import { type MetricDeviation, metricDeviations } from './metric-deviation.ts'
import type { DetectionOptions } from './options.ts'
import { isOverdispersed, type PaneScatter } from './pane-null.ts'
import { estimatePerformance } from './performance-estimate.ts'
import {
  noncentralityNeeded,
  sampleForScale,
  smallestPsi,
  smallestRise,
  standardErrorsNeeded,
} from './power.ts'
import { ratesDesignEffect } from './rate-scatter.ts'
import { RESOLUTION_MAX } from './verdict.ts'

/** What an effect is measured in. */
export type ExplainedUnit = 'PSI' | 'KS' | 'deviations' | 'feature' | 'share' | 'metric' | 'labels' | 'times'

/** One test with what its part of the budget lets it see. Null where the reference is not known or too small. */
export interface ExplainedTest extends JudgedTest {
  /** How often it is asked in the period, corrected windows counted in. */
  readonly looks: number
  /** False alarms it may raise in the period. */
  readonly falseAlarms: number
  readonly alpha: number
  readonly effectUnit: ExplainedUnit
  /** What its lower bound must reach; null where the test has no size of its own (e-detector, constant, unit). */
  readonly threshold: number | null
  /** Values below which the verdict is `undecided`: a change of twice the threshold could be missed. */
  readonly sampleNeeded: number | null
  /** Values a window of this length brings, at the rate given. */
  readonly sampleExpected: number | null
  /** The smallest change it finds in such a window with power 0.8; the windows of the reference priced in. */
  readonly smallestEffect: number | null
}

export interface ExplanationInput {
  readonly allotment: Allotment
  readonly tests: readonly JudgedTest[]
  readonly detection: DetectionOptions
  /** What matters of single features, where it is not what matters of the model. */
  readonly effects?: ReadonlyMap<string, FeatureEffect>
  readonly paneMs: number
  /** Null: taken as endless, and without outcomes. */
  readonly reference: Reference | null
  /** Null where nobody knows. */
  readonly eventsPerPane: number | null
}

/** What each test may spend, needs and sees, in the order of the tests. */
export function explainTests(input: ExplanationInput): ExplainedTest[] {
  const outcomes = input.reference?.performance ?? null
  const deviations = outcomes === null ? new Map() : metricDeviations(outcomes)
  return input.tests.map((test) => {
    const { alpha } = input.allotment.parts[test.part]
    const sampleExpected =
      input.eventsPerPane === null ? null : Math.round((input.eventsPerPane * test.windowMs) / input.paneMs)
    const seen = seeing(test, alpha, input, deviations)
    return {
      ...test,
      looks: input.allotment.perMs / test.everyMs,
      falseAlarms: (alpha * input.allotment.perMs) / test.everyMs,
      alpha,
      effectUnit: seen.unit,
      threshold: seen.threshold,
      sampleNeeded: finiteOrNull(Math.max(sampleMinOf(test, input.detection), seen.sampleNeeded)),
      sampleExpected,
      smallestEffect: sampleExpected === null ? null : finiteOrNull(seen.smallest(sampleExpected)),
    }
  })
}

/** Rates of missing and mistyped values are tested exactly and need fewer values than all else. */
function sampleMinOf({ detector, statistic }: JudgedTest, detection: DetectionOptions): number {
  const isExact = detector === 'data-quality' && PIPE_RATES.has(statistic)
  return isExact ? detection.qualitySampleMin : detection.sampleMin
}

const PIPE_RATES: ReadonlySet<string> = new Set(['missing-rate', 'wrong-type-rate'])

function unitOf({ measure, unit }: EffectRule): ExplainedUnit {
  if (measure === 'psi') return 'PSI'
  return measure === 'ks' ? 'KS' : unit
}

interface Seeing {
  readonly unit: ExplainedUnit
  readonly threshold: number | null
  readonly sampleNeeded: number
  readonly smallest: (n: number) => number
}

function seeing(
  test: JudgedTest,
  alpha: number,
  { detection, effects, reference }: ExplanationInput,
  deviations: ReadonlyMap<string, MetricDeviation>,
): Seeing {
  const { detector, statistic, subject } = test
  if (statistic === 'e-detector' || statistic === 'constant' || statistic === 'unit-factor') {
    return { unit: 'labels', threshold: null, sampleNeeded: 1, smallest: () => Number.NaN }
  }
  if (statistic === 'omnibus' || statistic === 'psi') {
    const m = distributionSize(test, reference)
    const worth = designEffectOf(test, reference)
    const known = reference?.features.get(subject)
    const rule = effectRule(
      detector === 'numeric-drift' ? detection : { ...detection, effect: 'psi' },
      detector === 'numeric-drift' ? effects?.get(subject) : null,
    )
    const deviation = known?.kind === 'numeric' ? referenceDeviation(known) : Number.NaN
    const needed = shiftOfEffect(RESOLUTION_MAX * rule.drift, rule, deviation)
    return {
      unit: unitOf(rule),
      threshold: rule.drift,
      sampleNeeded: sampleForScale(needed / noncentralityNeeded(alpha) / worth, m),
      smallest: (n) => effectOfShift(worth * smallestPsi(alpha, n, m), rule, deviation),
    }
  }
  if (detector === 'label-delay') return seeingDelay(test, alpha, detection, reference)
  if (detector === 'performance' || detector === 'estimated-performance' || statistic === 'label-mean') {
    const known =
      detector === 'estimated-performance' ? estimateDeviation(reference) : deviations.get(statistic)
    const threshold =
      known === undefined || ABSOLUTE.has(statistic)
        ? detection.performanceDrop
        : detection.lossRise * known.scale
    const wider = Math.sqrt(metricDesignEffect(test, reference))
    const scaleOf = (size: number): number =>
      (size / standardErrorsNeeded(alpha) / ((known?.deviation ?? 0) * wider)) ** 2
    return {
      unit: 'metric',
      threshold: known === undefined ? null : threshold,
      sampleNeeded:
        known === undefined ? Number.NaN : sampleForScale(scaleOf(RESOLUTION_MAX * threshold), known.m),
      smallest: (n) =>
        known === undefined
          ? Number.NaN
          : standardErrorsNeeded(alpha) * wider * known.deviation * Math.sqrt(1 / n + 1 / known.m),
    }
  }
  const threshold =
    detector === 'label-drift' || detector === 'label-coverage'
      ? detection.labelRateChange
      : detection.qualityRise
  const { rate, m } = referenceRate(detector, subject, reference)
  const effective = rateDesignEffect(test, reference)
  return {
    unit: 'share',
    threshold,
    // So many rows say as much as one: of window and reference alike.
    sampleNeeded: Math.ceil(
      effective * sampleForRise(alpha, RESOLUTION_MAX * threshold, m / effective, rate),
    ),
    smallest: (n) => smallestRise(alpha, n / effective, m / effective, rate),
  }
}

/** Of delays that the reference does not know nothing can be said before they have come. */
function seeingDelay(
  { statistic }: JudgedTest,
  alpha: number,
  { labelDelayChange }: DetectionOptions,
  reference: Reference | null,
): Seeing {
  const quantile = DELAY_QUANTILES.find((one) => one.statistic === statistic)
  const { performance = null, labelDelayMs = 0 } = reference ?? {}
  const delays = performance?.delays.subarray(0, delayCellsWithin(labelDelayMs))
  const m = delays === undefined ? 0 : total(delays)
  if (quantile === undefined || reference === null || delays === undefined || m === 0) {
    return { unit: 'times', threshold: labelDelayChange, sampleNeeded: 1, smallest: () => Number.NaN }
  }
  const worth = ratesDesignEffect(compiledReference(reference).delays?.[quantile.statistic] ?? null)
  const seenBy = (n: number): number =>
    smallestDelayChange(delays, quantile.share, n / worth, m / worth, alpha)
  return {
    unit: 'times',
    threshold: labelDelayChange,
    sampleNeeded: sampleSeeing(seenBy, RESOLUTION_MAX * Math.log(labelDelayChange)),
    smallest: (n) => Math.exp(seenBy(n)),
  }
}

const ABSOLUTE: ReadonlySet<string> = new Set(['auc', 'accuracy'])

function distributionSize({ detector, subject }: JudgedTest, reference: Reference | null): number {
  if (reference === null) return Number.POSITIVE_INFINITY
  const feature = detector.startsWith('score') || detector.startsWith('prediction') ? undefined : subject
  const counts = feature === undefined ? undefined : reference.features.get(feature)
  if (counts === undefined) return reference.m
  return total(counts.kind === 'numeric' ? counts.counts.bins : counts.counts.cells)
}

/** How many rows say as much as one independent one, by the scatter of the reference's windows. */
function designEffectOf({ detector, subject }: JudgedTest, reference: Reference | null): number {
  if (reference === null) return 1
  const compiled = compiledReference(reference)
  if (detector === 'score-drift') return compiled.score?.designEffect ?? 1
  if (detector === 'prediction-drift') return compiled.prediction?.designEffect ?? 1
  if (detector === 'label-drift') return scattering(compiled.labels?.shares ?? null)
  if (detector !== 'numeric-drift' && detector !== 'categorical-drift') return 1
  return reference.features.has(subject) ? compiled.feature(subject).designEffect : 1
}

/** The same of a metric, or of the mean of a regression's labels; 1 where windows do not tell it. */
function metricDesignEffect({ detector, statistic }: JudgedTest, reference: Reference | null): number {
  if (reference === null) return 1
  const { outcomes, labels, score } = compiledReference(reference)
  if (detector === 'estimated-performance') return score?.designEffect ?? 1
  if (statistic === 'label-mean') return scattering(labels?.mean ?? null)
  return scattering([...outcomes].find(([name]) => name === statistic)?.[1] ?? null)
}

/** The same of a rate: of labels, or of values that are missing or malformed, far or unseen. */
function rateDesignEffect({ detector, statistic, subject }: JudgedTest, reference: Reference | null): number {
  if (reference === null) return 1
  const { labels, odd, feature } = compiledReference(reference)
  if (statistic === 'class-rate') return scattering(labels?.shares ?? null)
  if (detector === 'label-drift') return ratesDesignEffect(labels?.positives ?? null)
  const isOfValues = statistic === 'unseen-rate' || statistic === 'out-of-range-rate'
  if (isOfValues && reference.features.has(subject)) return scattering(feature(subject).scatter)
  const isOdd = statistic === 'missing-rate' || statistic === 'wrong-type-rate'
  return isOdd ? ratesDesignEffect(odd(subject)) : 1
}

function scattering(scatter: PaneScatter | null): number {
  return scatter !== null && isOverdispersed(scatter) ? scatter.designEffect : 1
}

/** The spread of the chance of being right, which is what an estimate without labels is a mean of. */
function estimateDeviation(reference: Reference | null): MetricDeviation | undefined {
  const outcomes = reference?.performance ?? null
  if (reference === null || outcomes === null) return undefined
  const { calibration } = compiledReference(reference)
  const estimate = calibration === null ? null : estimatePerformance(outcomes, calibration)
  if (calibration === null || estimate === null) return undefined
  const { value } = estimate.accuracy
  const deviation = Math.sqrt(chanceVariance(outcomes, calibration, value))
  return { deviation, value, scale: value, m: estimate.n }
}

function referenceRate(
  detector: JudgedTest['detector'],
  subject: string,
  reference: Reference | null,
): { rate: number; m: number } {
  if (reference === null) return { rate: detector === 'label-drift' ? 0.5 : 0, m: Number.POSITIVE_INFINITY }
  if (detector === 'label-drift') {
    const outcomes = reference.performance
    const n = outcomes?.n ?? 0
    const positives = (outcomes?.truePositives ?? 0) + (outcomes?.falseNegatives ?? 0)
    return { rate: n === 0 || outcomes?.task !== 'binary' ? 0.5 : positives / n, m: n }
  }
  const missing = reference.features.get(subject)?.counts.missing ?? 0
  return { rate: missing / Math.max(1, reference.m), m: reference.m }
}

function sampleForRise(alpha: number, rise: number, m: number, rate: number): number {
  return sampleSeeing((n) => smallestRise(alpha, n, m, rate), rise)
}

/** What is seen falls with the sample, so the sample for a change is found by halving. */
function sampleSeeing(seenBy: (n: number) => number, change: number): number {
  if (seenBy(Number.MAX_SAFE_INTEGER) > change) return Number.POSITIVE_INFINITY
  let low = 1
  let high = 2
  while (seenBy(high) > change) high *= 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (seenBy(middle) > change) low = middle
    else high = middle
  }
  return high
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
