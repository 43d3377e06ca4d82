import { describe, expect, it } from 'vitest'
import type { FeatureEvent } from '../../../src/events/feature-event.ts'
import { type FeatureEventView, viewOf } from '../../../src/events/feature-event-view.ts'
import { layoutOf } from '../../../src/sketches/block-layout.ts'
import { cellTotal } from '../../../src/sketches/cells.ts'
import { delayCellEnds } from '../../../src/sketches/label-delays.ts'
import { countsOf } from '../../../src/sketches/pane-sketch.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import type { NumericCounts, PaneSketch } from '../../../src/sketches/types.ts'
import {
  createObserveState,
  type ObserveContext,
  type ObserveState,
  observeFeature,
  observeLabel,
  takeEntries,
} from '../../../src/steps/observe.ts'
import { smallModel, smallStream } from '../../support/small-options.ts'

const at = Date.UTC(2027, 0, 1)
const arrival = { offset: 0, timestamp: at, counted: true }
const reference = buildReference({
  model: 'small',
  version: '1',
  createdAt: at,
  task: 'binary',
  positiveLabel: '1',
  features: new Map([
    ['x', 'numeric'],
    ['__proto__', 'numeric'],
  ]),
  rows: () => Array.from({ length: 100 }, (_, i) => ({ features: { x: i, ['__proto__']: i } })),
})
const context: ObserveContext = {
  stream: smallStream,
  models: new Map([['small', smallModel]]),
  referenceOf: (_model, version) => (version === '1' ? reference : null),
}

function event(overrides: Partial<FeatureEvent> = {}): FeatureEventView {
  return viewOf({
    model: 'small',
    version: '1',
    id: 'a',
    at,
    features: { x: 1 },
    prediction: 1,
    score: 0.9,
    ...overrides,
  })
}

/** Lower ends of the cells in which a sketch has delays. */
function delaysOf({ performance }: PaneSketch): number[] {
  return [...performance.delays.keys()]
    .filter((cell) => performance.delays[cell]! > 0)
    .map((cell) => delayCellEnds(cell).lower)
}

function only(state: ObserveState) {
  const { entries, stream } = takeEntries(state)
  expect(entries).toHaveLength(1)
  return { ...entries[0]!, stream }
}

describe('observeFeature', () => {
  it('counts every feature of the reference, missing ones as missing, and unknown ones', () => {
    const state = createObserveState(0)
    expect(observeFeature(state, event({ features: { x: 1, extra: 2 } }), arrival, context)).toBeNull()
    const { sketch, paneStart } = only(state)
    expect(paneStart).toBe(at)
    expect(sketch.events).toBe(1)
    expect(sketch.unknownFeatures).toBe(1)
    expect((countsOf(sketch, layoutOf(reference), 1)!.counts as NumericCounts).missing).toBe(1)
  })

  it('counts a feature called __proto__ like any other', () => {
    const state = createObserveState(0)
    observeFeature(state, event({ features: JSON.parse('{"x":1,"__proto__":2}') }), arrival, context)
    const counts = countsOf(only(state).sketch, layoutOf(reference), 1)!.counts as NumericCounts
    expect(counts.missing).toBe(0)
    expect(cellTotal(counts.bins)).toBe(1)
  })

  it('counts a repeated prediction once', () => {
    const state = createObserveState(0)
    observeFeature(state, event(), arrival, context)
    observeFeature(state, event(), arrival, context)
    expect(only(state)).toMatchObject({ sketch: { events: 1 }, stream: { duplicatePredictions: 1 } })
  })

  it('refuses an unknown model, 1970 and 2200, and says what it expected', () => {
    const state = createObserveState(0)
    const refused = [
      observeFeature(state, event({ model: 'other' }), arrival, context),
      observeFeature(state, event({ at: 0 }), arrival, context),
      observeFeature(state, event({ at: Date.UTC(2200, 0, 1) }), arrival, context),
      observeFeature(state, event({ at: 1e300 }), arrival, context),
    ]
    expect(refused.map((rejection) => rejection?.code)).toEqual([
      'MODEL_UNKNOWN',
      'EVENT_TIME_TOO_OLD',
      'EVENT_TIME_IN_FUTURE',
      'EVENT_TIME_IN_FUTURE',
    ])
    expect(refused[0]?.message).toContain('small')
    expect(refused[1]?.message).toContain('1970-01-01')
    expect(takeEntries(state).entries).toEqual([])
    expect(state.watermark).toBe(Number.NEGATIVE_INFINITY)
  })

  it('counts the score of a prediction once, before and without any label', () => {
    const state = createObserveState(0)
    observeFeature(state, event(), arrival, context)
    observeFeature(state, event(), arrival, context)
    observeFeature(state, event({ id: 'b' }), { ...arrival, counted: false }, context)
    const { performance } = only(state).sketch
    expect(cellTotal(performance.scores)).toBe(1)
    expect(performance.n).toBe(0)
  })

  it('counts events and outcomes of a version without a reference, and says so', () => {
    const state = createObserveState(0)
    observeFeature(state, event({ version: '2' }), arrival, context)
    observeLabel(state, { model: 'small', id: 'a', at, label: 1 }, arrival, context)
    const { referenceId, sketch, stream } = only(state)
    expect(referenceId).toBeNull()
    expect(sketch.block).toBeNull()
    expect(sketch).toMatchObject({ events: 1, performance: { n: 1, correct: 1 } })
    expect(stream.unreferenced).toBe(1)
  })
})

describe('observeLabel', () => {
  it('books the outcome to the pane of the prediction, in a later flush too', () => {
    const state = createObserveState(0)
    observeFeature(state, event(), arrival, context)
    takeEntries(state)
    const later = at + 3 * smallStream.paneMs
    observeLabel(
      state,
      { model: 'small', id: 'a', at: later, label: 0 },
      { ...arrival, timestamp: later },
      context,
    )
    expect(only(state)).toMatchObject({
      paneStart: at,
      sketch: { events: 0, block: null, performance: { n: 1, correct: 0, falsePositives: 1 } },
    })
  })

  it('books a pair once when one side was only read again to rebuild the join, and never when both were', () => {
    const again = { offset: 0, timestamp: at, counted: false }
    for (const [feature, label, booked] of [
      [again, arrival, 1],
      [arrival, again, 1],
      [again, again, 0],
    ] as const) {
      const state = createObserveState(0)
      observeFeature(state, event(), feature, context)
      observeLabel(state, { model: 'small', id: 'a', at, label: 1 }, label, context)
      const outcomes = takeEntries(state).entries.reduce((sum, { sketch }) => sum + sketch.performance.n, 0)
      expect(outcomes).toBe(booked)
    }
  })

  it('counts repeats, and orphans when their time is over', () => {
    const state = createObserveState(0)
    observeFeature(state, event(), arrival, context)
    observeLabel(state, { model: 'small', id: 'a', at, label: 1 }, arrival, context)
    observeLabel(state, { model: 'small', id: 'a', at, label: 1 }, arrival, context)
    observeLabel(state, { model: 'small', id: 'nobody', at, label: 1 }, arrival, context)
    const later = at + (1 + 2 / 64) * smallStream.labelWaitMs
    observeFeature(state, event({ id: 'b', at: later }), { ...arrival, timestamp: later }, context)
    expect(takeEntries(state).stream).toMatchObject({
      duplicateLabels: 1,
      orphanLabels: 1,
      expiredPredictions: 0,
    })
  })
})

describe('the delay of a label', () => {
  const label = (id: string, afterMs: number) => ({ model: 'small', id, at: at + afterMs, label: 1 })

  it('is counted in the pane of its prediction, from one event time to the other, whichever came first', () => {
    const state = createObserveState(0)
    observeFeature(state, event(), arrival, context)
    observeLabel(state, label('a', 2 ** 21), arrival, context)
    observeLabel(state, label('b', 2 ** 17), arrival, context)
    observeFeature(state, event({ id: 'b' }), arrival, context)
    const { sketch, paneStart } = only(state)
    expect(paneStart).toBe(at)
    expect(sketch.performance.n).toBe(2)
    expect(delaysOf(sketch)).toEqual([2 ** 17, 2 ** 21])
  })

  it('is none before its prediction, and not counted twice', () => {
    const state = createObserveState(0)
    observeFeature(state, event(), arrival, context)
    observeLabel(state, label('a', -5_000), arrival, context)
    observeLabel(state, label('a', 2 ** 21), arrival, context)
    expect(delaysOf(only(state).sketch)).toEqual([0])
  })
})
