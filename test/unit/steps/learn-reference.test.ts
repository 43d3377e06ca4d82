import { beforeEach, describe, expect, it } from 'vitest'
import { layoutOf } from '../../../src/sketches/block-layout.ts'
import type { DeltaEntry, SketchDelta } from '../../../src/sketches/delta.ts'
import { addFeatures, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../../src/sketches/performance-counts.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import { sampledRow } from '../../../src/sketches/reference-sample.ts'
import type { Reference } from '../../../src/sketches/types.ts'
import { detectDelta, detectReference, detectSample } from '../../../src/steps/detect.ts'
import { createDetectState, type DetectContext, type DetectState } from '../../../src/steps/detect-state.ts'
import { worthPublishing } from '../../../src/steps/learn-reference.ts'
import { emptyStreamCounts } from '../../../src/steps/observe.ts'
import { smallModel, smallStream } from '../../support/small-options.ts'

const PANE_MS = smallStream.paneMs
const model = { ...smallModel, learning: { cutAt: 100, countUntil: 200 } }
const context: DetectContext = {
  stream: smallStream,
  models: new Map([['small', model]]),
  taskCount: 1,
}
const types = new Map([...model.features].map(([name, { type }]) => [name, type]))

let state: DetectState
let flush = 0
beforeEach(() => {
  state = createDetectState()
  flush = 0
})

const outcome = { prediction: '1', score: 0.9, positiveLabel: '1', label: '1', classes: null }

/** A pane of 60 events counted on `reference`. */
function entryOf(start: number, reference: Reference | null, version = '1'): DeltaEntry {
  const sketch = createPaneSketch(model.task)
  for (const [at, features] of eventsOf(start).entries()) {
    addFeatures(sketch, reference === null ? null : layoutOf(reference), features, `p${start}-${at}`)
  }
  const referenceId = reference === null ? null : (reference.gridId ?? reference.id)
  return { model: 'small', version, paneStart: start * PANE_MS, referenceId, sketch }
}

function eventsOf(start: number) {
  return Array.from({ length: 60 }, (_, at) => {
    return { x: ((start + at) * 37) % 101, c: at % 2 === 0 ? 'red' : 'green' }
  })
}

/** The same as one flush that closes the pane before it, with its rows where it has no reference. */
function pane(start: number, reference: Reference | null, version = '1', sampled = true) {
  const entry = entryOf(start, reference, version)
  const { paneStart } = entry
  if (reference === null && sampled) {
    const rows = eventsOf(start).map(({ x, c }, at) =>
      sampledRow(60 * start + at, [...types.values()], [x, c], 1),
    )
    detectSample(
      state,
      { task: 0, model: 'small', version, paneStart, features: [...types.keys()], rows },
      context,
    )
  }
  return deliver([entry], paneStart + PANE_MS - 1)
}

function deliver(entries: DeltaEntry[], watermark: number, of = context) {
  const delta: SketchDelta = {
    task: 0,
    flush,
    part: 0,
    parts: 1,
    sources: [{ topic: 'features', partition: 0, from: flush, to: flush + 1, readUntil: watermark }],
    watermark,
    idle: false,
    stream: emptyStreamCounts(),
    entries,
  }
  flush++
  return detectDelta(state, delta, of).references
}

/** Two panes without a reference, and the one that closes the second: the cut. */
function learnCut(): Reference {
  expect(pane(0, null)).toEqual([])
  expect(pane(1, null)).toEqual([])
  const [cut] = pane(2, null)
  expect(cut).toMatchObject({ stage: 'cut', createdAt: 2 * PANE_MS })
  return cut!
}

const published = (): Reference => ({
  ...buildReference({
    model: 'small',
    version: '1',
    createdAt: 0,
    task: model.task,
    positiveLabel: '1',
    features: types,
    rows: () => [{ features: { x: 1, c: 'red' } }],
  }),
  source: 'file',
})

describe('learning a reference', () => {
  it('leaves out the pane that was counted partly without the edges', () => {
    const cut = learnCut()
    // The third pane also has events on the edges, the observer having taken them up in its middle.
    const mixed = createPaneSketch(model.task)
    addFeatures(mixed, layoutOf(cut), { x: 1, c: 'red' }, 'late')
    deliver(
      [{ model: 'small', version: '1', paneStart: 2 * PANE_MS, referenceId: cut.id, sketch: mixed }],
      3 * PANE_MS - 1,
    )
    const published = [3, 4, 5, 6, 7, 8].flatMap((start) => pane(start, cut))
    expect(published).toMatchObject([{ stage: 'ready', m: 240, gridId: cut.id, learnedUntil: 7 * PANE_MS }])
  })

  it('passes over counts that name the grid and were made on another', () => {
    const cut = learnCut()
    const other = { ...published(), id: cut.id }
    expect(pane(3, other)).toEqual([])
    expect([4, 5, 6, 7, 8, 9].flatMap((start) => pane(start, other))).toEqual([])
    expect(state.models.get('small')!.references.size).toBe(0)
  })

  it('does not cut without rows, nor learn what somebody has published', () => {
    for (let start = 0; start < 5; start++) expect(pane(start, null, '1', false)).toEqual([])
    detectReference(state, published(), context)
    expect(state.models.get('small')!.learning.size).toBe(0)
    for (let start = 5; start < 9; start++) expect(pane(start, null)).toEqual([])
    expect(state.models.get('small')!.learning.size).toBe(0)
  })

  it('publishes once what one step both counts and gives its outcomes', () => {
    const cut = learnCut()
    const entries = [3, 4, 5, 6, 7].map((start) => entryOf(start, cut))
    for (const { sketch } of entries) addOutcome(sketch.performance, outcome)
    const together = deliver(entries, 9 * PANE_MS - 1)
    expect(together).toMatchObject([{ stage: 'ready', m: 240, performance: { n: 4 }, labelDelayMs: PANE_MS }])

    // Pane by pane it is known a label delay earlier, and without them.
    state = createDetectState()
    detectReference(state, cut, context)
    const apart = entries.flatMap((entry) => deliver([entry], entry.paneStart + PANE_MS - 1))
    apart.push(...deliver([], 9 * PANE_MS - 1))
    expect(apart).toMatchObject([{ stage: 'ready', performance: null }, together[0]!])
  })

  it('publishes the counts all the same where an event names them, and of every version its own', () => {
    const cut: Reference = { ...published(), source: 'stream', stage: 'cut' }
    const counted: Reference = { ...cut, id: 'counted', stage: 'ready' }
    const labelled: Reference = { ...counted, id: 'labelled' }
    const other: Reference = { ...counted, id: 'other', version: '2' }
    const all = [cut, counted, other, labelled]
    expect(worthPublishing(all, new Set([null, 'labelled']))).toEqual([cut, other, labelled])
    expect(worthPublishing(all, new Set(['counted']))).toEqual(all)
  })

  it('goes on from a cut on the topic whose rows the log no longer holds', () => {
    const cut = learnCut()
    state = createDetectState()
    detectReference(state, cut, context)
    const references = [3, 4, 5, 6, 7, 8].flatMap((start) => pane(start, cut))
    expect(references).toMatchObject([{ stage: 'ready', gridId: cut.id }])
    // And from a ready one there is nothing left to learn.
    state = createDetectState()
    detectReference(state, cut, context)
    detectReference(state, references[0]!, context)
    expect([9, 10, 11, 12, 13, 14].flatMap((start) => pane(start, cut))).toEqual([])
    expect(state.models.get('small')!.references.get('1')).toBe(references[0])
  })

  it('takes the classes of a multiclass model from what it predicts, and counts by them', () => {
    const classes = ['cat', 'dog', 'cow']
    const multiclass: DetectContext = {
      ...context,
      models: new Map([['small', { ...model, task: 'multiclass' as const }]]),
    }
    const play = (start: number, reference: Reference | null) => {
      const sketch = createPaneSketch('multiclass')
      const rows = []
      for (let at = 0; at < 60; at++) {
        const features = { x: at, c: 'red' }
        const prediction = classes[at % 3]!
        addFeatures(sketch, reference && layoutOf(reference), features, `p${start}-${at}`)
        rows.push(sampledRow(60 * start + at, [...types.values()], [features.x, features.c], prediction))
        const told = { prediction, score: { [prediction]: 1 }, positiveLabel: '1', label: 'cat' }
        addOutcome(sketch.performance, { ...told, classes: reference?.classes ?? null })
      }
      const paneStart = start * PANE_MS
      const sample = { task: 0, model: 'small', version: '1', paneStart, features: [...types.keys()], rows }
      if (reference === null) detectSample(state, sample, multiclass)
      const referenceId = reference === null ? null : (reference.gridId ?? reference.id)
      const entry = { model: 'small', version: '1', paneStart, referenceId, sketch }
      return deliver([entry], paneStart + PANE_MS - 1, multiclass)
    }
    const [cut] = [0, 1, 2].flatMap((start) => play(start, null))
    expect(cut!.classes!.categories.toSorted()).toEqual(['cat', 'cow', 'dog'])
    const references = [3, 4, 5, 6, 7, 8, 9, 10].flatMap((start) => play(start, cut!))
    const labelled = references.at(-1)!
    expect(labelled.classes).toEqual(cut!.classes)
    expect(labelled.performance).toMatchObject({ classCount: 3, n: labelled.m, correct: labelled.m / 3 })
    const counts = [...labelled.performance!.confusion].filter((count) => count > 0)
    expect(counts).toEqual([labelled.m / 3, labelled.m / 3, labelled.m / 3])
  })

  it('hears its own references again without a change', () => {
    const cut = learnCut()
    detectReference(state, cut, context)
    const [first] = [3, 4, 5, 6, 7].flatMap((start) => pane(start, cut))
    detectReference(state, cut, context)
    detectReference(state, first!, context)
    expect(state.models.get('small')!.references.get('1')).toEqual(first)
  })

  it('keeps eight versions at most', () => {
    for (let version = 0; version < 20; version++) pane(version, null, `v${version}`)
    expect(state.models.get('small')!.learning.size).toBeLessThanOrEqual(8)
  })
})
