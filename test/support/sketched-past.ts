import type { OutgoingRecord } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import { encodeDelta } from '../../src/sketches/delta-codec.ts'
import { addFeatures, createPaneSketch } from '../../src/sketches/pane-sketch.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { emptyStreamCounts } from '../../src/steps/observe.ts'
import { smallReferenceOf } from './small-reference.ts'

const MINUTE_MS = 60_000
const EVENTS = 200

/** Topics with one partition each. */
interface Topics {
  readonly references: string
  readonly sketches: string
}

export interface SketchedPast {
  readonly minutes: number
  readonly jumpMinutes?: number
  readonly models?: readonly string[]
}

/**
 * What one observer told of the small model, or of models like it: their references, and a delta for every
 * minute. The last may lie any number of minutes behind the others, and closes as many panes.
 */
export function sketchedPast(
  topics: Topics,
  startMs: number,
  { minutes, jumpMinutes = 0, models = ['small'] }: SketchedPast,
): OutgoingRecord[] {
  const reference = smallReferenceOf({
    createdAt: startMs,
    rows: () =>
      Array.from({ length: 2000 }, (_, i) => ({
        features: { x: i / 2000, c: 'abc'[i % 3]! },
        prediction: i % 2,
        score: i % 2 === 1 ? 0.8 : 0.2,
        label: i % 2,
      })),
  })
  const deltaOf = (flush: number): OutgoingRecord => {
    const minute = flush + (flush === minutes - 1 ? jumpMinutes : 0)
    const sketch = createPaneSketch('binary')
    for (let i = 0; i < EVENTS; i++) {
      const features = { x: ((i * 7) % EVENTS) / EVENTS, c: 'abc'[i % 3]! }
      addFeatures(sketch, layoutOf(reference), features, `m${minute}-${i}`)
    }
    const paneStart = startMs + minute * MINUTE_MS
    const range = { from: flush * EVENTS, to: (flush + 1) * EVENTS }
    const value = encodeDelta({
      task: 0,
      flush,
      part: 0,
      parts: 1,
      sources: [{ topic: 'features', partition: 0, ...range, readUntil: paneStart }],
      watermark: paneStart + MINUTE_MS,
      idle: false,
      stream: emptyStreamCounts(),
      entries: models.map((model) => ({ model, version: '1', paneStart, referenceId: reference.id, sketch })),
    })
    return { topic: topics.sketches, partition: 0, key: null, value, timestamp: paneStart + MINUTE_MS }
  }
  const stamp = { source: '/test', now: startMs }
  const event = toReferenceEvent(reference)
  return [
    ...models.map((model) => {
      return referenceRecord({ ...event, model }, { topic: topics.references, partitions: 1 }, stamp)
    }),
    ...Array.from({ length: minutes }, (_, flush) => deltaOf(flush)),
  ]
}
