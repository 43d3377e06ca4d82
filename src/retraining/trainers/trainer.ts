import type { TrainerJob } from '../../events/deployment-event.ts'
import type { HoldoutPrediction, TrainerInput, TrainerResult } from '../../events/training-row.ts'

/** One training as a back-end is asked for it. */
export interface TrainerTask {
  readonly input: TrainerInput
  /** A directory of this training's own, the same after a restart: its files, and what a back-end notes there. */
  readonly directory: string
  /** How often it was handed over before and lost: 0 the first time. Each handing over is a job of its own. */
  readonly restarts: number
  /** For how long it is worth offering from now on, whatever the time limit: until the request's deadline. */
  readonly offerForMs: number
}

/** How a training stands. What goes wrong in a trainer is a value: it must not take the retrainer with it. */
export type TrainerProgress =
  | { readonly kind: 'running' }
  | {
      readonly kind: 'trained'
      readonly result: TrainerResult
      /** Read and checked: no id twice, no more rows than the holdout. Whether all are there, a gate asks. Null: it made none. */
      readonly predictions: readonly HoldoutPrediction[] | null
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly timedOut: boolean }
  /** Surely nobody works on it any more, and nobody has said how it ended: it may be handed over again. */
  | { readonly kind: 'lost'; readonly reason: string }

/**
 * A back-end that trains a candidate and predicts the holdout with it, in a process that is not ours and may
 * outlive us. Between the calls stands the job's handle: plain data, written to the log before anybody asks
 * after the job, so that whoever comes after us asks after the same one.
 */
export interface Trainer {
  /**
   * Hands a training over. Called again for the same task it adopts the job that it finds, where the back-end
   * can tell: a command by what the job noted in its directory, a webhook by the delivery id it repeats.
   * @throws TrainerFailure when the back-end did not take it
   */
  submit(task: TrainerTask, signal: AbortSignal): Promise<TrainerJob>
  /** Is there still somebody at work? Changes nothing. */
  probe(job: TrainerJob): Promise<'running' | 'ended' | 'gone' | 'unknown'>
  /** How far it is; with `trained`, `failed` or `lost` it is over, and says the same when asked again. */
  poll(job: TrainerJob, task: TrainerTask, signal: AbortSignal): Promise<TrainerProgress>
  /** Ends the job, if it is not over. Returns when it has, or when no more can be done. */
  cancel(job: TrainerJob): Promise<void>
}
