import type { TimeRange } from '../events/fields.ts'
import type { TriggerObservation } from './observation.ts'
import type { TriggerPolicy } from './policy.ts'

/** What a range was chosen by: a dated change, a length of time, or a number of events. */
export type RangeBasis = 'since-change' | 'last-window' | 'last-events'

/** What to learn from, in event time. */
export interface SuggestedRange {
  readonly basis: RangeBasis
  /** What the basis names, up to the observation. */
  readonly window: TimeRange
  /** The part of it whose labels are complete and in which the pipe was never broken; it can be empty. */
  readonly training: TimeRange
  /** Labelled events of that part. */
  readonly labelled: number
  /** Of these, those after the change that are no holdout: what can be learned of it; 0 where nothing is dated. */
  readonly learnedAfterChange: number
}

type DatedRange = Omit<SuggestedRange, 'learnedAfterChange'>

/**
 * The range a request suggests: since the change of the episode it answers, or the policy's last events or
 * last window. A change too young to have left `minimumSample` labelled events is learned from with the latest
 * events before it, as the last events, once the whole holdout and half of the rest lie after it: the candidate
 * is compared on the changed world alone, and one that has learned from less of a world that turned at once does
 * not pass. Never a stretch in which the pipe was broken: of the stretches between, the newest that holds the
 * policy's minimum of labelled events, or where none does the one that holds most.
 *
 * What answers no episode, a date or a wish, learns from the policy's range all the same, but not from both
 * sides of a change that is known: where a metric has fallen and enough lies after it, since then alone.
 * @param changedAt change point of the episode that is answered, epoch ms; null where none is
 */
export function suggestedRange(
  changedAt: number | null,
  observation: TriggerObservation,
  policy: TriggerPolicy,
): SuggestedRange {
  const { at } = observation
  const rangeOf = (basis: RangeBasis, fromMs: number) => {
    const range = soundRange(basis, fromMs, observation, policy)
    return { ...range, learnedAfterChange: learnedAfter(changedAt, range, observation, policy) }
  }
  if (changedAt !== null) {
    const since = rangeOf('since-change', Math.min(changedAt, at))
    if (!isYoung(since, observation, policy)) return since
    const widened = rangeOf('last-events', startOfLast(policy.minimumSample, observation, policy))
    return widened.labelled >= policy.minimumSample ? widened : since
  }
  const usual = policy.trainingEvents
    ? rangeOf('last-events', startOfLast(policy.trainingEvents, observation, policy))
    : rangeOf('last-window', at - policy.trainingWindowMs)
  const fellAt = fallSince(observation)
  if (fellAt === null || fellAt <= usual.window.fromMs || fellAt > at) return usual
  const since = rangeOf('since-change', fellAt)
  return since.labelled >= Math.max(1, policy.minimumSample) ? since : usual
}

/** Since when labels say that the model is worse; null where none do. An estimate knows of no such change. */
function fallSince({ openEpisodes }: TriggerObservation): number | null {
  const fallen = openEpisodes.find(
    ({ concern, findings }) =>
      concern === 'performance' &&
      findings.some(({ detector, verdict }) => detector === 'performance' && verdict === 'drifted'),
  )
  return fallen?.changedAt ?? null
}

/** Too few events to learn from, and enough to tell by them whether a candidate knows the changed world. */
function isYoung(
  { window: { fromMs } }: SuggestedRange,
  { at, labelledUntil, labelledIn }: TriggerObservation,
  { minimumSample, holdoutShare }: TriggerPolicy,
): boolean {
  if (holdoutShare === null) return false
  const labelled = labelledIn({ fromMs, toMs: Math.max(fromMs, Math.min(labelledUntil, at)) })
  return labelled < minimumSample && labelled >= ((1 + holdoutShare) / 2) * minimumSample
}

/** The holdout is the latest of a range, so it is taken from what came after the change first. */
function learnedAfter(
  changedAt: number | null,
  { training: { fromMs, toMs }, labelled }: DatedRange,
  { labelledIn }: TriggerObservation,
  { holdoutShare }: TriggerPolicy,
): number {
  if (changedAt === null || changedAt >= toMs) return 0
  const after = changedAt <= fromMs ? labelled : labelledIn({ fromMs: changedAt, toMs })
  return Math.max(0, Math.round(after - (holdoutShare ?? 0) * labelled))
}

/** The part of what began at `fromMs` that is fit to learn from. */
function soundRange(
  basis: RangeBasis,
  fromMs: number,
  { at, labelledUntil, labelledIn, broken }: TriggerObservation,
  { minimumSample }: TriggerPolicy,
): DatedRange {
  const toMs = Math.max(fromMs, Math.min(labelledUntil, at))
  const stretches = unbroken({ fromMs, toMs }, broken)
    .map((training) => ({ training, labelled: labelledIn(training) }))
    .reverse()
  const most = Math.max(...stretches.map(({ labelled }) => labelled))
  const chosen =
    stretches.find(({ labelled }) => labelled >= minimumSample) ??
    stretches.find(({ labelled }) => labelled === most)
  return {
    basis,
    window: { fromMs, toMs: at },
    ...(chosen ?? { training: { fromMs: toMs, toMs }, labelled: 0 }),
  }
}

/** From where on the last `events` labelled events lie, within twice the training window; to the millisecond. */
function startOfLast(
  events: number,
  { at, labelledUntil, labelledIn }: TriggerObservation,
  { trainingWindowMs }: TriggerPolicy,
): number {
  const holdsAll = (fromMs: number): boolean => labelledIn({ fromMs, toMs: labelledUntil }) >= events
  let early = at - 2 * trainingWindowMs
  let late = labelledUntil
  if (!holdsAll(early)) return early
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2)
    if (holdsAll(middle)) early = middle
    else late = middle
  }
  return early
}

/** What of a range lies between the broken stretches, oldest first. */
function unbroken({ fromMs, toMs }: TimeRange, broken: readonly TimeRange[]): TimeRange[] {
  const stretches: TimeRange[] = []
  let begin = fromMs
  for (const stretch of broken) {
    if (stretch.toMs <= begin || stretch.fromMs >= toMs) continue
    if (stretch.fromMs > begin) stretches.push({ fromMs: begin, toMs: stretch.fromMs })
    begin = Math.max(begin, stretch.toMs)
  }
  if (begin < toMs) stretches.push({ fromMs: begin, toMs })
  return stretches
}
