import type { Diagnosis, DriftEvent } from '../events/drift-event.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import { stableId } from '../events/stable-id.ts'
import type { Concern, DiagnosedConcern } from './diagnosis.ts'
import { healthOf, type ShownTest } from './episode-health.ts'
import { sureEffect } from './verdict.ts'

/** One drift from start to end, however many windows show it. Times are event time, epoch ms. */
export interface Episode {
  /** Hash of model, version, concern and detection: a replay gives the same. */
  readonly id: string
  readonly concern: Concern
  readonly diagnosis: Diagnosis
  /** Start of the first window that showed it: it cannot be older than the evidence. */
  readonly startedAt: number
  /** Estimated change point of what the diagnosis is about. */
  readonly changedAt: number
  /** The evaluation that first showed it. */
  readonly detectedAt: number
  /** The newest window that showed it, what was found there, and in one sentence. */
  readonly window: TimeRange
  readonly findings: readonly Finding[]
  readonly summary: string
  /** Every test that showed it, each by the shortest window that did. */
  readonly shown: readonly ShownTest[]
  /** Disjoint windows in a row that showed no sign of it, the last one's evaluation, the first one's start. */
  readonly healthyCount: number
  readonly healthyAt: number | null
  readonly healthyFrom: number | null
}

/** The open episodes of one version of a model: plain data, at most one episode a concern. */
export interface EpisodeState {
  readonly model: string
  readonly version: string
  readonly data: Episode | null
  readonly performance: Episode | null
  /** Windows that reach back before it hold a drift that is over, by concern; null: none has ended. */
  readonly over: Readonly<Record<Concern, number | null>>
}

export interface EpisodeEvaluation {
  /** Event time of the evaluation: the end of the pane that closed. */
  readonly at: number
  readonly concerns: readonly DiagnosedConcern[]
  /** The findings of every window, of any verdict: without them silence would count as health. */
  readonly findings: readonly Finding[]
  /** The base windows; a finding in a longer one names it. */
  readonly windows: Readonly<Record<Concern, TimeRange>>
  /** Dates an episode; asked when it starts, and when its diagnosis becomes another. */
  readonly changedAt: (concern: DiagnosedConcern) => number
}

/** So many disjoint windows in a row without a sign of it end an episode. */
const HEALTHY_WINDOWS = 2

export interface EpisodeChange {
  readonly state: DriftEvent['state']
  readonly episode: Episode
}

export interface EpisodeStep {
  readonly state: EpisodeState
  readonly changes: readonly EpisodeChange[]
}

const CONCERNS: readonly Concern[] = ['data', 'performance']

/** Drift events and memory stay small however many features moved at once; the strongest come first. */
const FINDINGS_MAX = 20

export function initialEpisodes(model: string, version: string): EpisodeState {
  return { model, version, data: null, performance: null, over: { data: null, performance: null } }
}

/** The open episodes, data first. */
export function openEpisodes(state: EpisodeState): Episode[] {
  return CONCERNS.map((concern) => state[concern]).filter((episode) => episode !== null)
}

/**
 * Takes one evaluation into the open episodes and says what changed.
 *
 * A concern that shows and has no episode starts one; one that shows again keeps its episode, whatever
 * window shows it, and is reported as `ongoing` only when the diagnosis changed, not at every pane. An episode
 * is `resolved` when the tests that showed it see no sign of it any more in two disjoint windows in a row
 * (`episode-health.ts`), each as long as the shortest that did show it: longer ones go on holding it, and are
 * not judged for it again (`over`). Evaluations that could not judge the same things (too little data, no
 * window yet) neither end it nor count.
 */
export function advanceEpisodes(state: EpisodeState, evaluation: EpisodeEvaluation): EpisodeStep {
  const changes: EpisodeChange[] = []
  const next: Record<Concern, Episode | null> = { data: state.data, performance: state.performance }
  const over: Record<Concern, number | null> = { ...state.over }
  for (const name of CONCERNS) {
    const open = state[name]
    const concern = evaluation.concerns.find((shown) => shown.concern === name)
    if (open === null) {
      if (concern === undefined) continue
      next[name] = begun(state, concern, evaluation)
      changes.push({ state: 'started', episode: next[name] })
      continue
    }
    const seen = concern === undefined ? open : shownAgain(open, concern, evaluation)
    const episode = examined(seen, evaluation)
    const isOver = episode.healthyCount >= HEALTHY_WINDOWS
    next[name] = isOver ? null : episode
    if (isOver) {
      over[name] = episode.healthyFrom
      changes.push({ state: 'resolved', episode })
    } else if (open.diagnosis !== episode.diagnosis) changes.push({ state: 'ongoing', episode })
  }
  return { state: { ...state, ...next, over }, changes }
}

/** Ends every open episode at once: the version they are about no longer serves. */
export function resolveEpisodes(state: EpisodeState): EpisodeStep {
  return {
    state: initialEpisodes(state.model, state.version),
    changes: openEpisodes(state).map((episode) => ({ state: 'resolved', episode })),
  }
}

/** The window of what a concern rests on most. */
function windowOf({ concern, findings }: DiagnosedConcern, { windows }: EpisodeEvaluation): TimeRange {
  return findings[0]?.window ?? windows[concern]
}

function begun(state: EpisodeState, concern: DiagnosedConcern, evaluation: EpisodeEvaluation): Episode {
  const { at } = evaluation
  const window = windowOf(concern, evaluation)
  return {
    id: stableId('episode', state.model, state.version, concern.concern, at),
    concern: concern.concern,
    diagnosis: concern.diagnosis,
    startedAt: window.fromMs,
    changedAt: evaluation.changedAt(concern),
    detectedAt: at,
    window,
    findings: concern.findings.slice(0, FINDINGS_MAX),
    summary: concern.summary,
    shown: shownBy([], concern, evaluation.windows[concern.concern]),
    healthyCount: 0,
    healthyAt: null,
    healthyFrom: null,
  }
}

function shownAgain(open: Episode, concern: DiagnosedConcern, evaluation: EpisodeEvaluation): Episode {
  return {
    ...open,
    // Another diagnosis is about another change: what a retrain should learn from begins there.
    changedAt: concern.diagnosis === open.diagnosis ? open.changedAt : evaluation.changedAt(concern),
    diagnosis: concern.diagnosis,
    window: windowOf(concern, evaluation),
    findings: concern.findings.slice(0, FINDINGS_MAX),
    summary: concern.summary,
    shown: shownBy(open.shown, concern, evaluation.windows[concern.concern]),
  }
}

/** The tests of before and of this concern, each by its shortest window and largest effect; at most 20. */
function shownBy(
  known: readonly ShownTest[],
  concern: DiagnosedConcern,
  base: TimeRange,
): readonly ShownTest[] {
  const shown = [...known]
  for (const finding of concern.findings) {
    const { verdict, detector, subject, statistic, window = base } = finding
    if (verdict !== 'drifted') continue
    const windowMs = window.toMs - window.fromMs
    const effect = sureEffect(finding)
    const at = shown.findIndex(
      (test) => test.detector === detector && test.subject === subject && test.statistic === statistic,
    )
    if (at < 0) shown.push({ detector, subject, statistic, windowMs, effect })
    else {
      const before = shown[at]!
      shown[at] = {
        ...before,
        windowMs: Math.min(windowMs, before.windowMs),
        effect: Math.max(effect, before.effect),
      }
    }
  }
  return shown.slice(0, FINDINGS_MAX)
}

/** Looks for signs of the episode in windows that lie wholly after the last healthy ones. */
function examined(episode: Episode, { at, findings, windows }: EpisodeEvaluation): Episode {
  const { shown, healthyAt, healthyCount } = episode
  const longestMs = Math.max(...shown.map(({ windowMs }) => windowMs))
  if (healthyAt !== null && at - healthyAt < longestMs) return episode
  const health = healthOf(shown, findings, windows[episode.concern])
  if (health.state === 'unknown') return episode
  if (health.state === 'sick') return { ...episode, healthyCount: 0, healthyAt: null, healthyFrom: null }
  const healthyFrom = episode.healthyFrom ?? health.fromMs
  return { ...episode, healthyCount: healthyCount + 1, healthyAt: at, healthyFrom }
}
