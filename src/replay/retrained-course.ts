import { join, sep } from 'node:path'
import type { ConfiguredModel } from '../config/options.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import type { DeploymentEvent } from '../events/deployment-event.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import { viewOf } from '../events/feature-event-view.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import type { Trainer } from '../retraining/trainers/trainer.ts'
import { decideRequests } from '../steps/decide-requests.ts'
import { CountedEvents } from './counted-events.ts'
import { CountingLine, type Flushed } from './counting-line.ts'
import { CourseRecord } from './course.ts'
import { COURSE_TOPICS, CourseLog } from './course-log.ts'
import { type AheadEvent, FeatureLookahead } from './feature-lookahead.ts'
import { type HistorySource, Refusals } from './history.ts'
import { HistoryCursor } from './history-cursor.ts'
import { earliest, nothingToReplay } from './replay-history.ts'
import type { ReplayOptions } from './replay-options.ts'
import { type ApprovalAnswer, ReplayedRollouts } from './replayed-rollouts.ts'
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
 * One pass over a history under one policy: events go through the steps, requests are answered, and versions
 * answer events as their deployments say.
 */
export class RetrainedCourse {
  readonly record: CourseRecord
  readonly line: CountingLine
  readonly requests: RetrainRequest[] = []
  readonly #log: CourseLog
  readonly #rollouts: ReplayedRollouts
  readonly #serving: ServedVersions
  readonly #options: RetrainingOptions
  readonly #pass: number
  readonly #refusals = new Refusals()
  readonly #counted = new CountedEvents()
  #unanswered: RetrainRequest[] = []
  #compared: ComparisonEvent[] = []

  private constructor(
    models: ReadonlyMap<string, ConfiguredModel>,
    options: RetrainingOptions,
    log: CourseLog,
    pass: number,
  ) {
    this.#options = options
    this.#log = log
    this.#pass = pass
    this.record = new CourseRecord(models, options.stream.paneMs)
    // A candidate brings a reference of its own, whatever a version of that name was in the past.
    const references = options.references.filter(({ model, version }) => {
      return models.get(model)?.version === version
    })
    for (const reference of references) {
      this.record.reference(reference, null)
      log.addReference(reference, 'file', reference.createdAt)
    }
    const { trainingTimeMs } = options
    this.#rollouts = new ReplayedRollouts(models, {
      log: log.log,
      topics: COURSE_TOPICS,
      artifacts: join(options.artifacts, `course-${pass + 1}`),
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
        references,
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
    pass: number,
  ): Promise<RetrainedCourse> {
    return new RetrainedCourse(models, options, await CourseLog.open(), pass)
  }

  async play({ features: featureSources, labels: labelSources }: WholeHistory) {
    const { range, onProgress } = this.#options
    const features = featureSources.map((source) => new HistoryCursor(source, range, this.#refusals))
    const labels = labelSources.map((source) => new HistoryCursor(source, range, this.#refusals))
    const ahead = new FeatureLookahead(features, this.#serving)
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
          const answers = this.#serving.answers(feature.event)
          if (answers.length === 0) this.#refuseVersion(feature)
          for (const [index, answer] of answers.entries()) this.#feature(answer, feature, index === 0)
          ahead.shift()
        } else {
          this.#label(label!)
          label!.advance()
        }
        if (this.#compared.length > 0) this.#compare()
        if (this.#unanswered.length > 0) await this.#answer()
        if (this.#log.isFull) await this.#log.write()
        if (++steps % PROGRESS_EVENTS === 0)
          onProgress?.({ pass: this.#pass, events: steps, at: this.line.watermark })
      }
      this.line.flush()
    } finally {
      await Promise.all([...features, ...labels].map((cursor) => cursor.close()))
      await this.#log.close()
    }
    const { covered, features: events, labels: outcomes } = this.#counted
    if (covered === null) throw nothingToReplay(this.#refusals)
    return { covered, events: { features: events, labels: outcomes, refused: this.#refusals.list() } }
  }

  /** One answer to an event; the one that is heard is the event that counts. */
  #feature(event: FeatureEvent, { time, timestamp, place }: AheadEvent, isHeard: boolean): void {
    const offset = this.#log.addFeature(event, time)
    const rejection = this.line.feature(viewOf(event), { partition: 0, offset, timestamp })
    if (!isHeard) return
    if (rejection === null) this.#counted.feature(event.at)
    else this.#refusals.add(rejection.code, rejection.message, place)
  }

  /** Its predictions are another version's, and the one that serves has left none. */
  #refuseVersion({ event, place }: AheadEvent): void {
    const { version } = this.#options.models.get(event.model)!
    const expected = `expected ${version}, whose recorded predictions stand until a candidate is promoted`
    const message = `version: ${expected}, got "${event.version}"; --artifact ${event.model}=path predicts them all`
    this.#refusals.add('EVENT_INVALID', message, place)
  }

  #label(cursor: HistoryCursor<Readonly<LabelEvent>>): void {
    const event = cursor.event!
    const offset = this.#log.addLabel(event, cursor.time)
    const rejection = this.line.label(event, { partition: 0, offset, timestamp: cursor.timestamp })
    if (rejection === null) this.#counted.label()
    else this.#refusals.add(rejection.code, rejection.message, cursor.place())
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
      this.record.deployed(this.#told(event))
      this.record.drift(this.line.deploy(event))
      this.#serving.heed(event)
    }
  }

  /** Without what differs from run to run: the process that trained, and the directory above what it left. */
  #told({ job: _job, artifact, ...event }: DeploymentEvent): DeploymentEvent {
    const above = `${this.#options.artifacts}${sep}`
    return { ...event, artifact: artifact?.startsWith(above) ? artifact.slice(above.length) : artifact }
  }
}
