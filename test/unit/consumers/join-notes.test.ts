import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinNotes, readJoinNote } from '../../../src/consumers/join-notes.ts'
import { viewOf } from '../../../src/events/feature-event-view.ts'
import { createObserveState, observeFeature, observeLabel } from '../../../src/steps/observe.ts'
import { smallModel, smallStream } from '../../support/small-options.ts'

const AT = Date.UTC(2027, 0, 1)
const topics = { features: 'features', labels: 'labels' }
const context = {
  stream: { ...smallStream, repeatWaitMs: 0 },
  models: new Map([['small', smallModel]]),
  referenceOf: () => null,
}

/** A state whose first prediction has its label and whose others wait, with so many labels that came first. */
function waiting(predictions: number, early: number) {
  const state = createObserveState(0)
  for (let offset = 0; offset < predictions; offset++) {
    const event = { model: 'small', version: '1', id: `p-${offset}`, at: AT + offset, features: {} }
    const arrival = { offset, timestamp: AT, counted: true }
    observeFeature(state, viewOf({ ...event, prediction: 1, score: 0.5 }), arrival, context)
  }
  for (let offset = 0; offset < early; offset++) {
    const arrival = { offset: 2 ** 40 + 1_000 * offset, timestamp: AT, counted: true }
    observeLabel(state, { model: 'small', id: `e-${offset}`, at: AT + offset, label: 1 }, arrival, context)
  }
  return state
}

const rangesTo = (features: number, labels: number) => [
  { topic: 'features', partition: 0, from: 0, to: features },
  { topic: 'labels', partition: 0, from: 0, to: labels },
]

describe('notes beside committed positions', () => {
  it('name where the oldest wait, and every label that does', () => {
    const notes = joinNotes(waiting(300, 128), context.stream, topics, rangesTo(300, 2 ** 41))
    expect(readJoinNote(notes.features, 300)).toEqual({
      from: 0,
      until: AT + 299,
      expired: AT + 299,
      early: [],
    })
    expect(readJoinNote(notes.labels, 2 ** 41)).toEqual({
      from: 2 ** 40,
      until: AT + 127,
      expired: AT + 299,
      early: Array.from({ length: 128 }, (_, at) => 2 ** 40 + 1_000 * at),
    })
    expect(Math.max(notes.features.length, notes.labels.length)).toBeLessThan(1_024)
  })

  it('name no labels where they are too many', () => {
    const notes = joinNotes(waiting(0, 129), context.stream, topics, rangesTo(0, 2 ** 41))
    expect(readJoinNote(notes.labels, 2 ** 41)).toMatchObject({ from: 2 ** 40, early: null })
  })

  it('say the committed offset where nothing waits, and no time before the first event', () => {
    const notes = joinNotes(createObserveState(0), context.stream, topics, rangesTo(17, 4))
    expect(readJoinNote(notes.features, 17)).toEqual({
      from: 17,
      until: Number.NEGATIVE_INFINITY,
      expired: Number.NEGATIVE_INFINITY,
      early: [],
    })
    expect(readJoinNote(notes.labels, 4)).toMatchObject({ from: 4, early: [] })
  })

  it('are none where somebody else wrote them, or another version did', () => {
    const note = { join: 1, from: 3, until: 5, expired: 4, early: '' }
    expect(readJoinNote(JSON.stringify(note), 3)).not.toBeNull()
    for (const other of [
      { ...note, join: 2 },
      { ...note, from: 4 },
      { ...note, from: -1 },
      { ...note, from: '3' },
      { ...note, until: 'soon' },
      { ...note, expired: undefined },
      { ...note, early: [3] },
      { ...note, early: '1  2' },
      { ...note, early: '1 -2' },
    ]) {
      expect(readJoinNote(JSON.stringify(other), 3)).toBeNull()
    }
    for (const text of ['', 'null', '3', '{', '[]', '"join"']) expect(readJoinNote(text, 3)).toBeNull()
  })

  it('are read or refused, whatever stands there', () => {
    const anything = fc.oneof(fc.integer(), fc.string(), fc.double(), fc.constantFrom(null, '1 2', '3'))
    const note = fc.record(
      { join: fc.constant(1), from: anything, until: anything, expired: anything, early: anything },
      { requiredKeys: ['join'] },
    )
    let read = 0
    fc.assert(
      fc.property(fc.oneof(note.map(JSON.stringify), fc.json()), fc.nat(), (text, committed) => {
        const found = readJoinNote(text, committed)
        if (found === null) return
        read++
        expect(found.from).toBeLessThanOrEqual(committed)
        expect(found.early).toEqual(found.early?.toSorted((a, b) => a - b) ?? null)
      }),
      { numRuns: 20_000, seed: 1 },
    )
    expect(read).toBeGreaterThan(10)
  })
})
