import type { ConfiguredModel } from '../config/options.ts'
import type { RolloutInput } from '../retraining/rollout.ts'
import type { Reference } from '../sketches/types.ts'

/** A training under way, as this process follows it. */
export interface Following {
  readonly stop: AbortController
  readonly done: Promise<void>
}

/** What a training told, on its way into the rollout at the next turn of the loop. */
export interface News {
  readonly model: ConfiguredModel
  readonly input: RolloutInput
  readonly reference: Reference | null
  /** Called once the log holds what comes of it. */
  readonly recorded: (() => void) | null
  /** Nothing more will be told of this training. */
  readonly ended: string | null
}
