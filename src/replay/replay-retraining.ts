import type { ConfiguredModel } from '../config/options.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import type { DeploymentEvent } from '../events/deployment-event.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import { viewOf } from '../events/feature-event-view.ts'
import type { TimeRange } from '../events/fields.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import type { Trainer } from '../retraining/trainers/trainer.ts'
import { decideRequests } from '../steps/decide-requests.ts'
import { initialTriggerState } from '../triggers/state.ts'
import { CountingLine, type Flushed } from './counting-line.ts'
import { CourseRecord } from './course.ts'
import { COURSE_TOPICS, CourseLog } from './course-log.ts'
import { FeatureLookahead } from './feature-lookahead.ts'
import { type HistorySource, Refusals } from './history.ts'
import { HistoryCursor } from './history-cursor.ts'
import { decisionsOf, type NamedPolicy } from './policy-track.ts'
import { policyOnModel } from './reckoned-policy.ts'
import { countsOf, earliest, nothingToReplay } from './replay-history.ts'
import type { ReplayOptions } from './replay-options.ts'
import { type ApprovalAnswer, ReplayedRollouts } from './replayed-rollouts.ts'
import type { Course, ReplayedPolicy, ReplayResult } from './result.ts'
import { type Predict, type Served, ServedVersions } from './served-versions.ts'

/** Where whole events are read from, once for each policy: each source a file or a partition. */
export interface WholeHistory {
  readonly features: readonly HistorySource<FeatureEvent>[]
  readonly labels: readonly HistorySource<Readonly<LabelEvent>>[]
}

export interface RetrainingOptions extends Omit<ReplayOptions<ConfiguredModel>, 'answer' | 'topics'> {
  /** How long a training takes in stream time, whatever it takes here. */
  readonly trainingTimeMs: number
  /** Directory for what trainers are given and deliver. */
  readonly artifacts: string
  /** What the person says who is asked to approve a candidate. */
  readonly approval: ApprovalAnswer
  trainerOf(model: ConfiguredModel): Trainer
  readonly predict: Predict
  /** Artifacts of the versions that serve first, by model; of those without one the history's predictions stand. */
  readonly firstArtifacts: ReadonlyMap<string, string>
}

const PROGRESS_EVENTS = 4_096

/**
 * Replays a history under several policies, each in a course of its own in which candidates are really
 * trained, judged by the gates, and promoted. A training sees what had come when it was asked for: features
 * up to then, and of labels those that were known. Its outcome comes `trainingTimeMs` later in stream time;
 * from then on the events bear the promoted version, and predictions of its artifact. The stages that are
 * configured are played: a candidate in shadow answers every event beside the champion, one in its canary
 * its share by a hash of the id, and what their labels say moves it on as it would live.
 *
 * Events come in the order of their times. Each course holds its events in memory, about as many bytes as
 * they have as JSON.
 * @throws HISTORY_INVALID where there is no event or a source cannot be read; TRAINER_FAILED where a promoted
 * version leaves an event without a prediction
 */
export async function replayRetraining(
  history: WholeHistory,
  options: RetrainingOptions,
): Promise<ReplayResult> {
  const courses: Course[] = []
  const policies: ReplayedPolicy[] = []
  let first: Pick<ReplayResult, 'covered' | 'events'> | null = null
  for (const [index, policy] of options.policies.entries()) {
    const played = await playCourse(history, policy, index, options)
    first ??= played
    courses.push(played.course)
    policies.push(played.policy)
  }
  const { covered, events } = first!
  return { retrained: true, covered, events, changes: options.changes, courses, policies }
}

async function playCourse(
  history: WholeHistory,
  policy: NamedPolicy,
  index: number,
  options: RetrainingOptions,
) {
  const models = new Map(
    [...options.models].map(([name, model]) => {
      return [name, { ...model, policy: policy.policies.get(name) ?? model.policy }]
    }),
  )
  const course = await RetrainedCourse.open(models, options, `${options.artifacts}/course-${index + 1}`)
  const { covered, events } = await course.play(history)
  const { record, line, requests } = course
  const played = record.models()
  return {
    covered,
    events,
    course: { counts: countsOf(record), models: played },
    policy: {
      name: policy.name,
      course: index,
      models: [...models.keys()].map((model) => {
        const trigger = line.detect.models.get(model)?.trigger ?? initialTriggerState()
        const own = requests.filter((request) => request.model === model)
        const decisions = decisionsOf(model, trigger, own)
        return policyOnModel(decisions, played, options.changes, models, options.stream.paneMs)
      }),
    },
  }
}

class RetrainedCourse {
  readonly record: CourseRecord
  readonly line: CountingLine
  readonly requests: RetrainRequest[] = []
  readonly #log: CourseLog
  readonly #rollouts: ReplayedRollouts
  readonly #serving: ServedVersions
  readonly #options: RetrainingOptions
  readonly #refusals = new Refusals()
  #unanswered: RetrainRequest[] = []
  #compared: ComparisonEvent[] = []

  private constructor(
    models: ReadonlyMap<string, ConfiguredModel>,
    options: RetrainingOptions,
    log: CourseLog,
    artifacts: string,
  ) {
    this.#options = options
    this.#log = log
    this.record = new CourseRecord(models, options.stream.paneMs)
    for (const reference of options.references) {
      this.record.reference(reference, null)
      log.addReference(reference, 'file', reference.createdAt)
    }
    const { trainingTimeMs } = options
    this.#rollouts = new ReplayedRollouts(models, {
      log: log.log,
      topics: COURSE_TOPICS,
      artifacts,
      trainingTimeMs,
      approval: options.approval,
      trainerOf: options.trainerOf,
    })
    const served = new Map<string, Served>(
      [...models].map(([name, { version }]) => {
        return [name, { version, artifact: options.firstArtifacts.get(name) ?? null }]
      }),
    )
    this.#serving = new ServedVersions(options.predict, served)
    this.line = new CountingLine(
      {
        ...options,
        models,
        topics: COURSE_TOPICS,
        decide: (state, findings, end) => {
          this.record.judged(findings, end)
          return decideRequests(state, findings, end)
        },
      },
      (flushed) => this.#flushed(flushed),
    )
  }

  static async open(
    models: ReadonlyMap<string, ConfiguredModel>,
    options: RetrainingOptions,
    artifacts: string,
  ): Promise<RetrainedCourse> {
    return new RetrainedCourse(models, options, await CourseLog.open(), artifacts)
  }

  async play({ features: featureSources, labels: labelSources }: WholeHistory) {
    const { range, onProgress } = this.#options
    const features = featureSources.map((source) => new HistoryCursor(source, range, this.#refusals))
    const labels = labelSources.map((source) => new HistoryCursor(source, range, this.#refusals))
    const ahead = new FeatureLookahead(features, this.#serving)
    const covered = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY }
    let steps = 0
    try {
      for (;;) {
        if (ahead.isEmpty) await ahead.fill()
        for (const cursor of labels) if (cursor.starved) await cursor.fill()
        const feature = ahead.first
        const label = earliest(labels)
        if (feature === null && label === null) break
        const isFeature = feature !== null && (label === null || feature.time <= label.time)
        const time = isFeature ? feature.time : label!.time
        if (time >= this.#rollouts.dueAt) {
          this.#settle(time)
          continue
        }
        if (isFeature) {
          if (this.#serving.lacks(feature.event)) await ahead.predict()
          for (const answer of this.#serving.answers(feature.event)) this.#feature(answer, feature, covered)
          ahead.shift()
        } else {
          this.#label(label!)
          label!.advance()
        }
        if (this.#compared.length > 0) this.#compare()
        if (this.#unanswered.length > 0) await this.#answer()
        if (this.#log.isFull) await this.#log.write()
        if (++steps % PROGRESS_EVENTS === 0) onProgress?.({ events: steps, at: this.line.watermark })
      }
      this.line.flush()
    } finally {
      await Promise.all([...features, ...labels].map((cursor) => cursor.close()))
      await this.#log.close()
    }
    if (covered.fromMs > covered.toMs) throw nothingToReplay(this.#refusals)
    return {
      covered: covered as TimeRange,
      events: {
        features: features.reduce((sum, { read }) => sum + read, 0),
        labels: labels.reduce((sum, { read }) => sum + read, 0),
        refused: this.#refusals.list(),
      },
    }
  }

  #feature(
    event: FeatureEvent,
    at: { readonly time: number; readonly timestamp: number | null; readonly place: string },
    covered: { fromMs: number; toMs: number },
  ): void {
    covered.fromMs = Math.min(covered.fromMs, event.at)
    covered.toMs = Math.max(covered.toMs, event.at)
    const offset = this.#log.addFeature(event, at.time)
    const rejection = this.line.feature(viewOf(event), { partition: 0, offset, timestamp: at.timestamp })
    if (rejection !== null) this.#refusals.add(rejection.code, rejection.message, at.place)
  }

  #label(cursor: HistoryCursor<Readonly<LabelEvent>>): void {
    const event = cursor.event!
    const offset = this.#log.addLabel(event, cursor.time)
    const rejection = this.line.label(event, { partition: 0, offset, timestamp: cursor.timestamp })
    if (rejection !== null) this.#refusals.add(rejection.code, rejection.message, cursor.place())
  }

  #flushed(flushed: Flushed): void {
    this.record.flushed(flushed)
    for (const reference of flushed.output.references) {
      this.record.reference(reference, this.line.watermark)
      this.#log.addReference(reference, 'stream', this.line.watermark)
    }
    this.requests.push(...flushed.output.requests)
    this.#unanswered.push(...flushed.output.requests)
    this.#compared.push(...flushed.output.comparisons)
  }

  /** Before requests of the same panes are answered: what ends here is in nobody's way any more. */
  #compare(): void {
    const comparisons = this.#compared
    this.#compared = []
    for (const each of comparisons) this.#deploy(this.#rollouts.compared(each, this.line.watermark))
  }

  async #answer(): Promise<void> {
    const requests = this.#unanswered
    this.#unanswered = []
    await this.#log.write()
    for (const request of requests) this.#deploy(await this.#rollouts.request(request, this.line.watermark))
  }

  /** What trainings come to, at the time at which they do. */
  #settle(now: number): void {
    this.line.flush()
    for (const { reference, events } of this.#rollouts.settle(now)) {
      if (reference !== null) {
        this.line.addReference(reference)
        this.record.reference(reference, reference.createdAt)
        this.#log.addReference(reference, 'training', reference.createdAt)
      }
      this.#deploy(events)
    }
  }

  #deploy(events: readonly DeploymentEvent[]): void {
    for (const event of events) {
      this.record.deployed(event)
      this.record.drift(this.line.deploy(event))
      this.#serving.heed(event)
    }
  }
}
