import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DriftEvent } from '../../src/events/drift-event.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import type { DeltaEntry } from '../../src/sketches/delta.ts'
import { addFeatures, createPaneSketch } from '../../src/sketches/pane-sketch.ts'
import { addOutcome, addScore } from '../../src/sketches/performance-counts.ts'
import { detectDelta, detectReference } from '../../src/steps/detect.ts'
import { createDetectState, type DetectContext } from '../../src/steps/detect-state.ts'
import { emptyStreamCounts } from '../../src/steps/observe.ts'
import { seededUniform } from '../support/sketch-samples.ts'
import { smallModel, smallStream } from '../support/small-options.ts'
import { smallReferenceOf } from '../support/small-reference.ts'

const MINUTE_MS = 60_000
const MINUTES = 60
const EVENTS = 40
const start = Date.UTC(2027, 0, 1)

const reference = smallReferenceOf({
  createdAt: start,
  rows: () => Array.from({ length: 3_000 }, (_, i) => ({ ...eventOf(i, 0), ...outcomeOf(i, 0) })),
})

/** From minute 25 on `x` moves; from minute 40 on labels are tossed. */
function eventOf(at: number, minute: number) {
  const uniform = seededUniform(at + 1)
  return { features: { x: uniform() + (minute >= 25 ? 0.3 : 0), c: 'abc'[Math.floor(3 * uniform())]! } }
}

function outcomeOf(at: number, minute: number) {
  const uniform = seededUniform(7 * at + 3)
  const label = uniform() < 0.5 ? 1 : 0
  const isRight = uniform() < (minute >= 40 ? 0.5 : 0.9)
  const prediction = isRight ? label : 1 - label
  return { prediction, score: prediction === 1 ? 0.6 + 0.4 * uniform() : 0.4 * uniform(), label }
}

interface Split {
  readonly tasks: number
  /** Which task an event belongs to. */
  readonly taskOf: (at: number) => number
  /** In which order tasks flush, by minute. */
  readonly turn: (minute: number) => number
  /** Whether the minute's entries come one in a delta, its labels before its features. */
  readonly isScattered: boolean
}

/** What the detector says of the same events, whose labels come a minute late, cut up in this way. */
function judged({ tasks, taskOf, turn, isScattered }: Split): DriftEvent[] {
  const context: DetectContext = {
    stream: smallStream,
    models: new Map([['small', smallModel]]),
    taskCount: tasks,
  }
  const state = createDetectState()
  detectReference(state, reference, context)
  const drift: DriftEvent[] = []
  const flushed = Array.from({ length: tasks }, () => 0)
  for (let minute = 0; minute < MINUTES; minute++) {
    for (let place = 0; place < tasks; place++) {
      const task = (place + turn(minute)) % tasks
      const whole = [entryOf(minute, task, 'features'), entryOf(minute - 1, task, 'outcomes')]
      const batches = isScattered ? whole.toReversed().map((entry) => [entry]) : [whole]
      batches.forEach((entries, at) => {
        const from = flushed[task]!++
        const isLast = at + 1 === batches.length
        const watermark = start + (minute + (isLast ? 1 : 0)) * MINUTE_MS
        const sources = [{ topic: 'f', partition: task, from, to: from + 1, readUntil: watermark }]
        const header = { task, flush: from, part: 0, parts: 1, sources, idle: false }
        const delta = { ...header, watermark, stream: emptyStreamCounts(), entries }
        drift.push(...detectDelta(state, delta, context).drift)
      })
    }
  }
  return drift

  function entryOf(minute: number, task: number, what: 'features' | 'outcomes'): DeltaEntry {
    const sketch = createPaneSketch('binary')
    for (let at = minute * EVENTS; at < (minute + 1) * EVENTS; at++) {
      if (taskOf(at) % tasks !== task) continue
      const outcome = { ...outcomeOf(at, minute), positiveLabel: '1' }
      if (what === 'outcomes') addOutcome(sketch.performance, outcome)
      else {
        addScore(sketch.performance, outcome)
        addFeatures(sketch, layoutOf(reference), eventOf(at, minute).features, `${at}`)
      }
    }
    const paneStart = start + minute * MINUTE_MS
    return { model: 'small', version: '1', paneStart, referenceId: reference.id, sketch }
  }
}

describe('what the detector says', () => {
  it('is the same however the events are spread over partitions, flushes and turns', () => {
    const expected = judged({ tasks: 1, taskOf: () => 0, turn: () => 0, isScattered: false })
    expect(expected.map(({ concern, state }) => `${state} ${concern}`)).toEqual(
      expect.arrayContaining(['started data', 'started performance']),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(), fc.boolean(), (tasks, seed, isScattered) => {
        const taskOf = (at: number) => Math.floor(4 * seededUniform(at + seed)())
        expect(judged({ tasks, taskOf, turn: (minute) => minute + seed, isScattered })).toEqual(expected)
      }),
      { numRuns: 12 },
    )
  })
})
