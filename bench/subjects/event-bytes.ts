import { createFeatureExtractor } from '../../src/events/extract/feature-extractor.ts'
import { createLabelExtractor } from '../../src/events/extract/label-extractor.ts'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import type { ObserverSubject } from './observer.ts'
import type { PaneCounter } from './pane-counter.ts'

/** As the observer reads records: what is in doubt is parsed, all else is not. */
const features = createFeatureExtractor(DEFAULT_MAPPING)
const labels = createLabelExtractor(DEFAULT_MAPPING)

/** From the bytes of a feature event to the counts of its pane: read, validated, counted. */
export function countBytes(pane: PaneCounter, value: Uint8Array): void {
  pane.add(features.extract(value))
}

/** The same through the observer's step: the pane is found by event time, the prediction waits for its label. */
export function observeFeatureBytes(observer: ObserverSubject, value: Uint8Array): void {
  observer.addView(features.extract(value))
}

/** The bytes of a label event, joined with its prediction and booked. */
export function observeLabelBytes(observer: ObserverSubject, value: Uint8Array): void {
  observer.addLabel(labels.extract(value))
}
