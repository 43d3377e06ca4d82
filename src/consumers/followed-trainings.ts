import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import type { RolloutInput } from '../retraining/rollout.ts'
import type { TrainEffect } from '../retraining/rollout-result.ts'
import { createTrainer } from '../retraining/trainers/create-trainer.ts'
import type { Reference } from '../sketches/types.ts'
import type { Edge } from './edge.ts'
import { CANCELLED, type TrainingNews, trainCandidate } from './train-candidate.ts'

/** What a training told, on its way into the rollout at the next turn of the loop. */
interface News {
  readonly model: ConfiguredModel
  readonly input: RolloutInput
  readonly reference: Reference | null
  /** Called once the log holds what comes of it. */
  readonly recorded: (() => void) | null
  /** Nothing more will be told of this training. */
  readonly ended: string | null
}

interface Following {
  readonly stop: AbortController
  readonly done: Promise<void>
}

/** The trainings that this process follows: they run beside its loop, which asks what they have told. */
export class FollowedTrainings {
  readonly #options: AppOptions
  readonly #edge: Edge
  /** By request id. */
  readonly #following = new Map<string, Following>()
  #news: News[] = []
  /** What a training threw although its failures are values: our bug, thrown again where it ends the process. */
  #crash: { readonly error: unknown } | null = null

  constructor(options: AppOptions, edge: Edge) {
    this.#options = options
    this.#edge = edge
  }

  get count(): number {
    return this.#following.size
  }

  /** Resolves when the training of a request has come to an end here; undefined where none is followed. */
  doneOf(requestId: string): Promise<void> | undefined {
    return this.#following.get(requestId)?.done
  }

  /** What was told since the last time; a training that ended is followed until its end is taken. */
  *takeNews(): Generator<News> {
    if (this.#crash !== null) throw this.#crash.error
    const news = this.#news
    this.#news = []
    for (const each of news) {
      if (each.ended !== null) this.#following.delete(each.ended)
      yield each
    }
  }

  /** Hands a training over, or goes on asking after one that was; nothing where the model has no trainer. */
  follow(effect: TrainEffect, model: ConfiguredModel): void {
    if (model.trainer === null) return
    const requestId = effect.request.id
    const stop = new AbortController()
    const tell = (input: RolloutInput, more: Partial<News> = {}) => {
      if (stop.signal.aborted) return more.recorded?.() // Else who waits for it would wait for ever.
      this.#news.push({ model, input, reference: null, recorded: null, ended: null, ...more })
    }
    const news: TrainingNews = {
      submitted: (job, lost) =>
        new Promise((recorded) => {
          // When nobody will follow it here any more, nobody needs to know.
          stop.signal.addEventListener('abort', () => recorded())
          tell({ kind: 'submitted', requestId, job, ...(lost && { lost }) }, { recorded })
        }),
      delivered: (artifact) => tell({ kind: 'delivered', requestId, artifact }),
    }
    const trainer = createTrainer(model.trainer)
    const { signal } = stop
    const done = trainCandidate(effect, model, trainer, this.#options, this.#edge, news, signal).then(
      (candidate) => {
        if (candidate === null || signal.aborted) this.#following.delete(requestId)
        else {
          const reference = candidate.kind === 'judged' ? candidate.reference : null
          tell(candidate, { reference, ended: requestId })
        }
      },
      (error: unknown) => {
        this.#crash = { error }
      },
    )
    this.#following.set(requestId, { stop, done })
  }

  /** False where no training of the request is followed. */
  cancel(requestId: string): boolean {
    const following = this.#following.get(requestId)
    following?.stop.abort(CANCELLED)
    return following !== undefined
  }

  /** The trainings go on: whoever owns the partition next asks after them. */
  async leave(): Promise<void> {
    for (const { stop } of this.#following.values()) stop.abort()
    await Promise.all([...this.#following.values()].map(({ done }) => done))
  }
}
