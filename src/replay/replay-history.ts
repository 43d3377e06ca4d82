import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { decideRequests } from '../steps/decide-requests.ts'
import type { ModelOptions } from '../steps/options.ts'
import { CountedEvents } from './counted-events.ts'
import { CountingLine } from './counting-line.ts'
import { CourseRecord } from './course.ts'
import { Refusals } from './history.ts'
import { HistoryCursor } from './history-cursor.ts'
import { PolicyTrack } from './policy-track.ts'
import { policyOnModel } from './reckoned-policy.ts'
import type { History, ReplayOptions } from './replay-options.ts'
import type { ReplayResult } from './result.ts'

/** Progress is told after so many events: often enough for people, seldom enough to cost nothing. */
const PROGRESS_EVENTS = 16_384

/**
 * Replays a history under several policies at once, without training anything: what is counted and judged
 * does not depend on who decides, so the stream goes through the steps once and every policy is asked at
 * every pane. The champion of each model never changes: an episode that a retrain would have ended goes on.
 *
 * Events come in the order of their times, those of one source in the order in which they lie there; of a
 * feature and a label at the same time the feature is first.
 * @throws HISTORY_INVALID where there is no event, or a source cannot be read
 */
export async function replayHistory(history: History, options: ReplayOptions): Promise<ReplayResult> {
  const { stream, range } = options
  const refusals = new Refusals()
  const models = rememberingModels(options)
  const record = new CourseRecord(models, stream.paneMs)
  for (const reference of options.references) record.reference(reference, null)
  const tracks = options.policies.map((policy) => new PolicyTrack(policy, stream, options.answer))
  let flushing = { closedUntil: null as number | null, begun: false }
  const line = new CountingLine(
    {
      ...options,
      models,
      decide(state, findings, end): readonly RetrainRequest[] {
        record.judged(findings, end)
        for (const track of tracks) {
          if (!flushing.begun) track.begin(flushing.closedUntil, line.watermark)
          track.decided(decideRequests(state, findings, end, track), line.watermark)
        }
        flushing.begun = true
        return []
      },
    },
    (flushed) => {
      record.flushed(flushed)
      for (const reference of flushed.output.references) record.reference(reference, line.watermark)
      flushing = { closedUntil: line.detect.closedUntil, begun: false }
    },
  )

  const features = history.features.map((source) => new HistoryCursor(source, range, refusals))
  const labels = history.labels.map((source) => new HistoryCursor(source, range, refusals))
  const { covered, events } = await play(line, features, labels, refusals, options)
  return {
    retrained: false,
    covered,
    labelWaitMs: stream.labelWaitMs,
    events,
    changes: options.changes,
    courses: [{ counts: countsOf(record), models: record.models() }],
    policies: tracks.map((track) => ({
      name: track.name,
      course: 0,
      models: track
        .decisions(models)
        .map((decisions) =>
          policyOnModel(decisions, record.models(), options.changes, models, stream.paneMs),
        ),
    })),
  }
}

async function play(
  line: CountingLine,
  features: readonly HistoryCursor<FeatureEventView>[],
  labels: readonly HistoryCursor<Readonly<LabelEvent>>[],
  refusals: Refusals,
  { onProgress }: ReplayOptions,
) {
  const cursors = [...features, ...labels]
  const counted = new CountedEvents()
  let told = 0
  try {
    for (;;) {
      for (const cursor of cursors) if (cursor.starved) await cursor.fill()
      if (cursors.every(({ ended }) => ended)) break
      for (let starved = false; !starved; ) {
        const feature = earliest(features)
        const label = earliest(labels)
        if (feature === null && label === null) break
        if (feature !== null && (label === null || feature.time <= label.time)) {
          const event = feature.event!
          const { at } = event
          const rejection = line.feature(event, feature)
          if (rejection === null) counted.feature(at)
          else refusals.add(rejection.code, rejection.message, feature.place())
          feature.advance()
          starved = feature.starved
        } else {
          const rejection = line.label(label!.event!, label!)
          if (rejection === null) counted.label()
          else refusals.add(rejection.code, rejection.message, label!.place())
          label!.advance()
          starved = label!.starved
        }
      }
      const events = cursors.reduce((sum, { read }) => sum + read, 0)
      if (events < told + PROGRESS_EVENTS) continue
      told = events
      onProgress?.({ pass: 0, events, at: line.watermark })
    }
    line.flush()
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()))
  }
  const { covered, features: events, labels: outcomes } = counted
  if (covered === null) throw nothingToReplay(refusals)
  return { covered, events: { features: events, labels: outcomes, refused: refusals.list() } }
}

/** The cursor whose event came first; null where none has any. */
export function earliest<Event extends { readonly at: number }>(
  cursors: readonly HistoryCursor<Event>[],
): HistoryCursor<Event> | null {
  let found: HistoryCursor<Event> | null = null
  for (const cursor of cursors) {
    if (cursor.event !== null && (found === null || cursor.time < found.time)) found = cursor
  }
  return found
}

/** What is remembered must be enough for the policy that looks back furthest. */
function rememberingModels({ models, policies }: ReplayOptions): ReadonlyMap<string, ModelOptions> {
  return new Map(
    [...models].map(([name, model]) => {
      const all = [model.policy, ...policies.flatMap((policy) => policy.policies.get(name) ?? [])]
      const trainingWindowMs = Math.max(...all.map((policy) => policy.trainingWindowMs))
      return [name, { ...model, policy: { ...model.policy, trainingWindowMs } }]
    }),
  )
}

export function nothingToReplay(refusals: Refusals): DriftstreamError {
  const first = refusals.list()[0]
  const why =
    first === undefined
      ? 'there is none in the range'
      : `all ${refusals.count} were refused, the first (${first.code}) at ${first.firstAt}: ${first.firstMessage}`
  return new DriftstreamError('HISTORY_INVALID', `expected feature events to replay; ${why}`)
}

export function countsOf({ counts }: CourseRecord) {
  const { waiting: _waiting, deadLetters: _deadLetters, ...told } = counts
  return told
}
