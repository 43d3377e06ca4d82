import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { TimeRange } from '../events/fields.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { Reference } from '../sketches/types.ts'
import type { ModelOptions, StreamOptions } from '../steps/options.ts'
import type { HistorySource } from './history.ts'
import type { KnownChange } from './known-changes.ts'
import type { Answer, NamedPolicy } from './policy-track.ts'

/** What is replayed, and how. */
export interface ReplayOptions<Model extends ModelOptions = ModelOptions> {
  readonly stream: StreamOptions
  readonly models: ReadonlyMap<string, Model>
  readonly topics: { readonly features: string; readonly labels: string }
  readonly flushEventsMax: number
  /** At least one; each decides by itself. */
  readonly policies: readonly NamedPolicy[]
  /** Those of before the first event; a version without one learns its own, where its model says so. */
  readonly references: readonly Reference[]
  /** Events before and after are passed over, epoch ms. */
  readonly range: TimeRange
  /** What is known to have happened, to hold alarms and requests against. */
  readonly changes: readonly KnownChange[]
  readonly answer: Answer
  /** Told now and then how far the replay has come. */
  readonly onProgress?: (progress: ReplayProgress) => void
}

export interface ReplayProgress {
  /** Which pass over the history this is, from 0: with retraining each policy has one of its own. */
  readonly pass: number
  /** Feature and label events so far. */
  readonly events: number
  /** Stream time, epoch ms; -Infinity before the first event. */
  readonly at: number
}

/** Where events are read from: each source a file or a partition. */
export interface History {
  readonly features: readonly HistorySource<FeatureEventView>[]
  readonly labels: readonly HistorySource<Readonly<LabelEvent>>[]
}

/** All of history, as far as it goes. */
export const ALL_TIME: TimeRange = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY }
