import type { HoldoutPrediction, TrainerInput, TrainerResult } from '../../events/training-row.ts'

/** How a training ended. What goes wrong in a trainer is a value: it must not take the retrainer with it. */
export type TrainerOutcome =
  | {
      readonly kind: 'trained'
      readonly result: TrainerResult
      /** Read and checked: no id twice, no more rows than the holdout. Whether all are there, a gate asks. */
      readonly predictions: readonly HoldoutPrediction[]
    }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The signal was aborted: nothing is known of the candidate, and the training may be run again. */
  | { readonly kind: 'cancelled' }

/**
 * A back-end that trains a candidate and predicts the holdout with it. One call is one training, from start
 * to end; back-ends whose jobs outlive this process will be split at the job's handle, with this call made
 * of the parts.
 */
export interface Trainer {
  /** Never rejects. Aborting `signal` stops the training and answers `cancelled`. */
  train(input: TrainerInput, signal: AbortSignal): Promise<TrainerOutcome>
}
