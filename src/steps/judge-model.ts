import { compiledReference } from '../detectors/compiled-reference.ts'
import { rankFeatures } from '../detectors/feature-ranking.ts'
import type { TestOptions } from '../detectors/options.ts'
import { strongestByTest } from '../detectors/strongest-window.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import type { Interruptible } from '../sketches/interruptible.ts'
import { hasEnoughRows } from '../sketches/reference-fitness.ts'
import type { Reference } from '../sketches/types.ts'
import { judgedOutcomes, type WindowStore } from '../windows/window-store.ts'
import { judgeFeatures } from './judge-features.ts'
import { judgeOutcomes } from './judge-outcomes.ts'
import { budgetOf } from './judged-model.ts'
import type { KeptLooks } from './kept-looks.ts'
import type { ModelOptions } from './options.ts'
import { judgeWatch, type OutcomeWatch } from './outcome-watch.ts'

/** All findings of one model at one closing pane, by what they are about. */
export interface Judgement {
  readonly quality: readonly Finding[]
  /** Features, scores and predictions. */
  readonly data: readonly Finding[]
  /** One p-value of all features together; null where none was judged. */
  readonly featuresPValue: number | null
  /** What scores alone let expect, and how far that was off. */
  readonly estimates: readonly Finding[]
  readonly performance: readonly Finding[]
  readonly label: readonly Finding[]
  /** Expert modes on features, and on outcomes. */
  readonly classicData: readonly Finding[]
  readonly classicOutcomes: readonly Finding[]
  /** The findings of every window; the lists above have the strongest of each test. */
  readonly all: readonly Finding[]
  /** How many of all were tested now; the others stand since an earlier look. */
  readonly tests: number
  /** The base windows, ending at the pane (performance: when labels count as complete). */
  readonly windows: { readonly quality: TimeRange; readonly data: TimeRange; readonly performance: TimeRange }
}

/** What is judged, and from when on. */
export interface JudgedStream {
  readonly store: WindowStore
  readonly watch: OutcomeWatch | null
  /** The last looks at windows that may stand still; those of this pane are kept here. */
  readonly looks: KeptLooks
  readonly end: number
  readonly paneMs: number
  /** Windows that reach back before it belong to a drift that is over, epoch ms; null: none is. */
  readonly over: { readonly data: number | null; readonly performance: number | null }
}

/**
 * Judges the windows of every length that end at `end` against the reference, each test at the level that
 * the model's budget gives it; of one test in several windows the finding of the one that shows most is
 * given, with its window.
 *
 * A window is judged when it has moved, and once more where it was corrected by much; else it shows what it
 * showed then. A window that reaches back before the version's first pane is not judged: half a day against four weeks
 * would call the night a drift. Nor is one that reaches back into a drift that is over, nor one that is
 * longer than its base and holds more than the reference: what it could add to a shorter one is mostly the
 * reference's own error.
 */
export function* judgeModel(
  model: ModelOptions,
  reference: Reference,
  stream: JudgedStream,
): Interruptible<Judgement> {
  const { store, watch, end, paneMs, over } = stream
  const { qualityMs, dataMs, performanceMs, labelDelayMs } = model.windows
  const begin = Math.max(store.firstStart ?? Number.POSITIVE_INFINITY, judgedFrom(reference))
  const since = (overUntil: number | null): number => Math.max(begin, overUntil ?? Number.NEGATIVE_INFINITY)
  const labelled = judgedOutcomes(store).some(({ sketch }) => (sketch?.performance.n ?? 0) > 0)
  const { parts } = budgetOf(model, reference, paneMs, labelled).allotment
  const at = (alpha: number): TestOptions => ({ ...model.detection, alpha })
  const compiled = compiledReference(reference)

  const ofFeatures = yield* judgeFeatures(model, reference, compiled, stream, since(over.data), {
    features: at(parts.features.alpha),
    score: at(parts.score.alpha),
  })
  const outcomeOptions = at(parts.outcomes.alpha)
  const ofOutcomes = judgeOutcomes(
    reference,
    compiled,
    stream,
    since(over.performance),
    labelDelayMs,
    outcomeOptions,
  )
  const watched = judgeWatch(watch, reference, ofOutcomes.performance, outcomeOptions)
  // Against a reference of a few hundred rows the levels of the tests are no longer what they say.
  const data = hasEnoughRows(reference)
    ? ofFeatures.data
    : ofFeatures.data.map((finding): Finding => ({ ...finding, verdict: 'undecided' }))
  const ranked = rankFeatures(data, strongestByTest(data))
  const estimates = [...ofFeatures.estimates, ...ofOutcomes.estimates]
  const performance = [...ofOutcomes.performance, ...watched.performance]
  const classics = [...ofFeatures.classic, ...watched.classic]
  const others = [...estimates, ...performance, ...ofOutcomes.label, ...classics]
  const testsWatched = watched.performance.length + watched.classic.length
  return {
    quality: strongestByTest(ofFeatures.quality),
    data: ranked.findings,
    featuresPValue: ranked.featuresPValue,
    estimates: strongestByTest(estimates),
    performance: strongestByTest(performance),
    label: strongestByTest(ofOutcomes.label),
    classicData: ofFeatures.classic,
    classicOutcomes: watched.classic,
    all: [...ofFeatures.quality, ...data, ...others],
    tests: ofFeatures.tests + ofOutcomes.tests + testsWatched,
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
