import type { AppOptions } from '../../src/config/options.ts'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import type { LabelEvent } from '../../src/events/label-event.ts'
import type { TrainingRow } from '../../src/events/training-row.ts'
import type { KnownChange } from '../../src/replay/known-changes.ts'
import type { Learn } from './learn.ts'

/** A row of a stream before anything was predicted of it: a training row, and when its label is known. */
export interface LabelledRow extends Required<TrainingRow> {
  readonly label: 0 | 1
  /** Epoch ms. */
  readonly labelAt: number
}

/** One stream under one seed, and how it is watched. */
export interface World {
  readonly name: string
  readonly seed: number
  /** Everything but the policy, which each course brings itself. One model, called `model`. */
  readonly config: Readonly<Record<string, unknown>>
  /** What every policy learns from: parts of `triggers` that are laid over each of them. */
  readonly training: { readonly trainingWindow: string; readonly minimumSample: number }
  readonly learn: Learn
  /** Rows before the first event that is watched; the first version learns from them. In time order. */
  readonly past: readonly LabelledRow[]
  /** In time order. */
  readonly rows: readonly LabelledRow[]
  readonly rowsPerDay: number
  readonly changes: readonly KnownChange[]
  /** The feature that a broken pipe hurts most. */
  readonly keyFeature: string
}

/** What a policy is called and the options that go with it. */
export interface Watched {
  readonly name: string
  readonly options: AppOptions
}

export const MODEL = 'model'
export const DAY_MS = 86_400_000

/** Share of the past that the first version learns from; the rest says how good it is. */
const LEARNED_SHARE = 0.7
export function learnedRows(past: readonly LabelledRow[]): number {
  return Math.floor(LEARNED_SHARE * past.length)
}

/**
 * What candidates learn from, by the same rule in every world: the last stretch as long as the past, and at
 * least as many rows as the first version learned from.
 */
export function trainingOf(past: readonly LabelledRow[]): World['training'] {
  const days = Math.ceil((past.at(-1)!.at - past[0]!.at) / DAY_MS)
  return { trainingWindow: `${days}d`, minimumSample: learnedRows(past) }
}

export function changeAt(name: string, at: number): KnownChange {
  return { name, at, until: null, model: null }
}

/** The events of a world as they would come without any model: predictions are made as they are read. */
export function eventsOf({ rows }: World): {
  readonly features: readonly FeatureEvent[]
  readonly labels: readonly LabelEvent[]
} {
  const features = rows.map(({ id, at, features }): FeatureEvent => {
    return { model: MODEL, version: '1', id, at, features, prediction: 0 }
  })
  const labels = rows
    .map(({ id, labelAt, label }): LabelEvent => ({ model: MODEL, id, at: labelAt, label }))
    .sort((a, b) => a.at - b.at)
  return { features, labels }
}
