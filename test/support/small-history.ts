import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { type FeatureEventView, viewOf } from '../../src/events/feature-event-view.ts'
import type { LabelEvent } from '../../src/events/label-event.ts'
import { listedSource } from '../../src/replay/listed-source.ts'
import { ALL_TIME, type ReplayOptions } from '../../src/replay/replay-options.ts'
import { smallModel, smallStream } from './small-options.ts'
import { smallReference } from './small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from './small-world.ts'

/** What happened in minutes of a small world, as version 1 saw it. */
export interface SmallHistory {
  readonly features: readonly FeatureEvent[]
  readonly labels: readonly LabelEvent[]
}

export function smallHistory(world: SmallWorld, minutes: number): SmallHistory {
  const events = Array.from({ length: minutes }, (_, minute) => minuteOf(world, minute)).flat()
  return {
    features: events.map((event) => featureEventOf(event, '1')),
    labels: events.map((event) => labelEventOf(event)),
  }
}

/** So small that no history of a test is one batch. */
const BATCH = 1000

export function listedHistory({ features, labels }: SmallHistory) {
  const views: FeatureEventView[] = features.map((event) => viewOf(event))
  return {
    features: [listedSource('features', views, BATCH)],
    labels: [listedSource('labels', labels, BATCH)],
  }
}

export function smallReplay(world: SmallWorld, more: Partial<ReplayOptions> = {}): ReplayOptions {
  return {
    stream: smallStream,
    models: new Map([['small', smallModel]]),
    topics: { features: 'features', labels: 'labels' },
    flushEventsMax: 50_000,
    policies: [{ name: 'configured', policies: new Map() }],
    references: [smallReference(world)],
    range: ALL_TIME,
    changes: [],
    answer: { kind: 'none' },
    ...more,
  }
}
