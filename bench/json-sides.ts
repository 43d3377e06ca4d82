import { expectCounted, type Side } from './measure.ts'
import { encodeEvents } from './streams/encoding.ts'
import { drawEvents, type EventShape } from './streams/events.ts'
import { countBytes, observeFeatureBytes, observeLabelBytes } from './subjects/event-bytes.ts'
import { ObserverSubject } from './subjects/observer.ts'
import { PaneCounter } from './subjects/pane-counter.ts'
import { referencesFor } from './subjects/reference.ts'

/** 20 numeric features, prediction and score: about 480 bytes an event. */
export const NUMERIC_SHAPE: EventShape = { numeric: 20, categorical: 0, models: ['bench'] }
export const MIXED_SHAPE: EventShape = { numeric: 20, categorical: 5, models: ['bench'] }

/** Labels follow their predictions in steps as large as a fetched batch may be. */
const BATCH = 500

/** The bytes of feature events and of their labels, index by index. */
export interface EventBytes {
  readonly features: readonly Buffer[]
  readonly labels: readonly Buffer[]
}

export function drawEventBytes(shape: EventShape, count: number): EventBytes {
  const { features, labels } = drawEvents(shape, count, 'stream')
  return { features: encodeEvents(features), labels: encodeEvents(labels) }
}

/** Parsing and nothing else, as any consumer of JSON must. */
export function parseSide(values: readonly Buffer[], operations: number): Side {
  let objects = 0
  return {
    run() {
      let parsed = 0
      for (let index = 0; index < values.length; index++) {
        if (typeof JSON.parse(values[index]!.toString('utf8')) === 'object') parsed++
      }
      objects = parsed
    },
    check: () => expectCounted(objects, values.length),
    operations,
  }
}

/** From the bytes of feature events to the counts of a pane. */
export function countSide(values: readonly Buffer[]): Side {
  const counter = new PaneCounter(referencesFor(NUMERIC_SHAPE))
  return {
    prepare: () => counter.clear(),
    run() {
      for (let index = 0; index < values.length; index++) countBytes(counter, values[index]!)
      counter.countStaged()
    },
    check: () => expectCounted(counter.total(), values.length * NUMERIC_SHAPE.numeric),
    operations: values.length,
  }
}

/** From the bytes of feature and label events to the counts of panes and of joined outcomes. */
export function observeSide({ features, labels }: EventBytes): Side {
  return observeInBatches(
    features.length,
    (observer, index) => observeFeatureBytes(observer, features[index]!),
    (observer, index) => observeLabelBytes(observer, labels[index]!),
  )
}

/**
 * The observer's step over so many predictions of the mixed shape, every batch of them followed by its
 * labels. One operation is one prediction and its label.
 */
export function observeInBatches(
  count: number,
  addFeature: (observer: ObserverSubject, index: number) => void,
  addLabel: (observer: ObserverSubject, index: number) => void,
): Side {
  const observer = new ObserverSubject(referencesFor(MIXED_SHAPE)[0]!)
  return {
    prepare: () => observer.clear(),
    run() {
      for (let from = 0; from < count; from += BATCH) {
        const to = Math.min(count, from + BATCH)
        for (let index = from; index < to; index++) addFeature(observer, index)
        for (let index = from; index < to; index++) addLabel(observer, index)
      }
      observer.countStaged()
    },
    check() {
      const { predictions, outcomes } = observer.take()
      expectCounted(predictions, count)
      expectCounted(outcomes, count)
    },
    operations: count,
  }
}
