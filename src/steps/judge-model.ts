import { judgeCategoricalDrift } from '../detectors/categorical-drift.ts'
import { judgeDataQuality } from '../detectors/data-quality.ts'
import { judgeLabelDrift } from '../detectors/label-drift.ts'
import { judgeNumericDrift } from '../detectors/numeric-drift.ts'
import type { DetectionOptions } from '../detectors/options.ts'
import { judgePerformance } from '../detectors/performance.ts'
import { strongestByTest } from '../detectors/strongest-window.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import { countsOf } from '../sketches/pane-sketch.ts'
import { hasEnoughRows } from '../sketches/reference-fitness.ts'
import type { FeatureCounts, FeatureReference, PaneSketch, Reference } from '../sketches/types.ts'
import {
  type JudgedWindow,
  judgedFeatures,
  judgedOutcomes,
  type WindowStore,
} from '../windows/window-store.ts'
import type { ModelOptions } from './options.ts'
import { baseMsOf } from './plan-windows.ts'

/** All findings of one model at one closing pane, by what they are about. */
export interface Judgement {
  readonly quality: readonly Finding[]
  readonly data: readonly Finding[]
  readonly performance: readonly Finding[]
  readonly label: readonly Finding[]
  /** The base windows, ending at the pane (performance: when labels count as complete). */
  readonly windows: { readonly quality: TimeRange; readonly data: TimeRange; readonly performance: TimeRange }
}

/** A window that is judged, with what was counted in it. */
interface CountedWindow extends JudgedWindow {
  readonly sketch: PaneSketch
}

/**
 * Judges the windows of every length that end at `end` against the reference; of one test in several
 * windows the finding of the one that shows most is given, with its window.
 *
 * A window that reaches back before the version's first pane is not judged: half a day against four weeks
 * would call the night a drift. Nor is one that is longer than its base and holds more than the reference:
 * what it could add to a shorter one is mostly the reference's own error.
 */
export function judgeModel(
  model: ModelOptions,
  reference: Reference,
  store: WindowStore,
  end: number,
): Judgement {
  const { qualityMs, dataMs, performanceMs, labelDelayMs } = model.windows
  const first = Math.max(store.firstStart ?? Number.POSITIVE_INFINITY, judgedFrom(reference))
  const quality: Finding[] = []
  const data: Finding[] = []
  const features = [...reference.features]
  for (const { baseMs, positions, shape, windows } of judgedFeatures(store)) {
    for (const window of judgeable(windows, first, reference.m, ({ events }) => events)) {
      positions.forEach((position, at) => {
        const [name, featureReference] = features[position]!
        const counts = countsOf(window.sketch, { shape }, at)
        if (counts === null) return
        if (baseMs === qualityMs && window.level === 0) {
          quality.push(...inWindow(window, judgeDataQuality(name, featureReference, counts, model.detection)))
        }
        if (baseMs === baseMsOf(model, name)) {
          data.push(...inWindow(window, judgeDrift(name, featureReference, counts, model.detection)))
        }
      })
    }
  }

  const performance: Finding[] = []
  const label: Finding[] = []
  const known = reference.performance
  if (known !== null) {
    const classes = reference.classes?.categories
    for (const window of judgeable(judgedOutcomes(store), first, known.n, (held) => held.performance.n)) {
      const outcomes = window.sketch.performance
      performance.push(...inWindow(window, judgePerformance(known, outcomes, model.detection)))
      label.push(...inWindow(window, judgeLabelDrift(known, outcomes, model.detection, classes)))
    }
  }
  // Against a reference of a few hundred rows the levels of the tests are no longer what they say.
  const ofData = strongestByTest(data)
  return {
    quality,
    data: hasEnoughRows(reference) ? ofData : ofData.map((finding) => ({ ...finding, verdict: 'undecided' })),
    performance: strongestByTest(performance),
    label: strongestByTest(label),
    windows: {
      quality: { fromMs: end - qualityMs, toMs: end },
      data: { fromMs: end - dataMs, toMs: end },
      performance: { fromMs: end - labelDelayMs - performanceMs, toMs: end - labelDelayMs },
    },
  }
}

/**
 * Where judging begins: panes that fed a reference agree with it by construction, and are no evidence that
 * the world has not changed.
 */
export function judgedFrom({ learnedUntil }: Reference): number {
  return learnedUntil ?? Number.NEGATIVE_INFINITY
}

/** The drift findings of one feature, by its kind. */
function judgeDrift(
  name: string,
  reference: FeatureReference,
  window: FeatureCounts,
  options: DetectionOptions,
): Finding[] {
  if (reference.kind === 'numeric' && window.kind === 'numeric') {
    return judgeNumericDrift(name, reference, window.counts, options)
  }
  if (reference.kind === 'categorical' && window.kind === 'categorical') {
    return judgeCategoricalDrift(name, reference, window.counts, options)
  }
  return []
}

/** Those that hold something, start no earlier than `first`, and are no larger than the reference's `m`. */
function judgeable(
  windows: readonly JudgedWindow[],
  first: number,
  m: number,
  sizeOf: (sketch: PaneSketch) => number,
): CountedWindow[] {
  return windows.flatMap(({ sketch, ...window }) => {
    if (sketch === null || window.fromMs < first) return []
    return window.level > 0 && sizeOf(sketch) > m ? [] : [{ ...window, sketch }]
  })
}

function inWindow({ fromMs, toMs }: CountedWindow, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, window: { fromMs, toMs } }))
}
