import type { Diagnosis, DriftEvent } from '../events/drift-event.ts'
import type { TimeRange } from '../events/fields.ts'
import type { Finding } from '../events/finding.ts'
import { stableId } from '../events/stable-id.ts'
import type { Concern, DiagnosedConcern } from './diagnosis.ts'

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
  /** Evaluations since that were decided and showed nothing of it, and the time of the last one. */
  readonly healthyCount: number
  readonly healthyAt: number | null
}

/** The open episodes of one version of a model: plain data, at most one episode a concern. */
export interface EpisodeState {
  readonly model: string
  readonly version: string
  readonly data: Episode | null
  readonly performance: Episode | null
}

export interface EpisodeEvaluation {
  /** Event time of the evaluation: the end of the pane that closed. */
  readonly at: number
  readonly concerns: readonly DiagnosedConcern[]
  /** Every finding of the evaluation, of any verdict: without them silence would count as health. */
  readonly findings: readonly Finding[]
  /** The base windows; a finding in a longer one names it. */
  readonly windows: Readonly<Record<Concern, TimeRange>>
  readonly paneMs: number
  /** Dates an episode; asked when it starts, and when its diagnosis becomes another. */
  readonly changedAt: (concern: DiagnosedConcern) => number
}

export interface EpisodeOptions {
  /** So many decided evaluations in a row, each of another pane, without the concern end its episode. */
  readonly resolveAfterPanes: number
}

const EPISODE_DEFAULTS: EpisodeOptions = { resolveAfterPanes: 2 }

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
  return { model, version, data: null, performance: null }
}

/** The open episodes, data first. */
export function openEpisodes(state: EpisodeState): Episode[] {
  return CONCERNS.map((concern) => state[concern]).filter((episode) => episode !== null)
}

/**
 * Takes one evaluation into the open episodes and says what changed.
 *
 * A concern that shows and has no episode starts one; one that shows again keeps its episode, which is
 * reported as `ongoing` only when the diagnosis changed, not at every pane. An episode is `resolved` after
 * `resolveAfterPanes` evaluations that judged the same things and found nothing; evaluations that could not
 * judge them (too little data, no window yet) neither end it nor count.
 */
export function advanceEpisodes(
  state: EpisodeState,
  evaluation: EpisodeEvaluation,
  options: EpisodeOptions = EPISODE_DEFAULTS,
): EpisodeStep {
  const changes: EpisodeChange[] = []
  const next: Record<Concern, Episode | null> = { data: state.data, performance: state.performance }
  for (const name of CONCERNS) {
    const open = state[name]
    const shown = evaluation.concerns.find((concern) => concern.concern === name)
    if (shown !== undefined) {
      const episode = open === null ? begun(state, shown, evaluation) : shownAgain(open, shown, evaluation)
      next[name] = episode
      if (open === null) changes.push({ state: 'started', episode })
      else if (open.diagnosis !== episode.diagnosis) changes.push({ state: 'ongoing', episode })
    } else if (open !== null && isJudged(open, evaluation.findings)) {
      const episode = healthier(open, evaluation)
      const isOver = episode.healthyCount >= options.resolveAfterPanes
      next[name] = isOver ? null : episode
      if (isOver) changes.push({ state: 'resolved', episode })
    }
  }
  return { state: { ...state, ...next }, changes }
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

function begun(state: EpisodeState, shown: DiagnosedConcern, evaluation: EpisodeEvaluation): Episode {
  const { at } = evaluation
  const window = windowOf(shown, evaluation)
  return {
    id: stableId('episode', state.model, state.version, shown.concern, at),
    concern: shown.concern,
    diagnosis: shown.diagnosis,
    startedAt: window.fromMs,
    changedAt: evaluation.changedAt(shown),
    detectedAt: at,
    window,
    findings: shown.findings.slice(0, FINDINGS_MAX),
    summary: shown.summary,
    healthyCount: 0,
    healthyAt: null,
  }
}

function shownAgain(open: Episode, shown: DiagnosedConcern, evaluation: EpisodeEvaluation): Episode {
  return {
    ...open,
    // Another diagnosis is about another change: what a retrain should learn from begins there.
    changedAt: shown.diagnosis === open.diagnosis ? open.changedAt : evaluation.changedAt(shown),
    diagnosis: shown.diagnosis,
    window: windowOf(shown, evaluation),
    findings: shown.findings.slice(0, FINDINGS_MAX),
    summary: shown.summary,
    healthyCount: 0,
    healthyAt: null,
  }
}

/** A second look at the same pane is no second proof. */
function healthier(open: Episode, { at, paneMs }: EpisodeEvaluation): Episode {
  if (open.healthyAt !== null && at - open.healthyAt < paneMs) return open
  return { ...open, healthyCount: open.healthyCount + 1, healthyAt: at }
}

/**
 * Whether an evaluation looked at all that made the episode and could tell: each detector and subject of its
 * evidence has a finding now, and none of the same statistics is undecided.
 */
function isJudged(open: Episode, findings: readonly Finding[]): boolean {
  return open.findings.every((evidence) => {
    const now = findings.filter((f) => f.detector === evidence.detector && f.subject === evidence.subject)
    return now.length > 0 && now.every((f) => f.statistic !== evidence.statistic || f.verdict !== 'undecided')
  })
}
