import { createJsonDecoder } from '../../src/events/decode-source-event.ts'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import type { ObserverSubject } from './observer.ts'
import type { PaneCounter } from './pane-counter.ts'

const decoder = createJsonDecoder(DEFAULT_MAPPING)

/** From the bytes of a feature event to the counts of its pane: decoded, validated, counted. */
export function countBytes(pane: PaneCounter, value: Uint8Array): void {
  pane.add(decoder.feature(value))
}

/** The same through the observer's step: the pane is found by event time, the prediction waits for its label. */
export function observeFeatureBytes(observer: ObserverSubject, value: Uint8Array): void {
  observer.addFeature(decoder.feature(value))
}

/** The bytes of a label event, joined with its prediction and booked. */
export function observeLabelBytes(observer: ObserverSubject, value: Uint8Array): void {
  observer.addLabel(decoder.label(value))
}
