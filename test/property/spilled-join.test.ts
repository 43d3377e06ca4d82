import fc from 'fast-check'
import { expect, it } from 'vitest'
import { viewOf } from '../../src/events/feature-event-view.ts'
import { encodeDelta } from '../../src/sketches/delta-codec.ts'
import { LabelJoin } from '../../src/steps/label-join.ts'
import {
  createObserveState,
  type ObserveState,
  observeFeature,
  observeLabel,
  takeEntries,
} from '../../src/steps/observe.ts'
import { MemoryStore } from '../support/memory-store.ts'
import { smallModel, smallStream } from '../support/small-options.ts'
import { smallReference } from '../support/small-pipeline.ts'

const WAIT_MS = 200
/** Labels that may come first are fewer than memory holds: those do not go to the store. */
const WAITING_MAX = 24
const EARLY_IDS = 12

const ids = [
  ...['__proto__', 'constructor', 'é', '\u0100', '漢字', '\ud800', '\ud801', 'x'.repeat(512)],
  ...Array.from({ length: 200 }, (_, at) => `p-${at}`),
]
const outcome = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom('yes', '\ud800'),
  fc.boolean(),
)
const score = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constant(undefined),
  fc.constant({ yes: 0.25, no: 0.75 }),
)
const world = { startMs: 1_000_000, turnsAtMinute: 1e6, eventsPerMinute: 40, seed: 7 }
/** A reference, and one that takes its place. */
const references = [smallReference(world), smallReference({ ...world, seed: 8 })] as const
const REPLACED_AT = 60
let reference = references[0]

/** What a task would write, to the byte. */
function flushOf(state: ObserveState): Buffer {
  const { entries, pairs, stream, flush } = takeEntries(state)
  const whole = { task: 0, flush, part: 0, parts: 1, sources: [], idle: false, stream, entries, pairs }
  return Buffer.from(encodeDelta({ ...whole, watermark: state.watermark }))
}

const move = fc.record({
  kind: fc.constantFrom('prediction', 'prediction', 'prediction', 'label', 'expire'),
  id: fc.nat(ids.length - 1),
  step: fc.integer({ min: -2, max: 4 }),
  outcome,
  score,
  counted: fc.boolean(),
})

it('a join with a store says what one says that has memory for all', () => {
  let spilled = 0
  fc.assert(
    fc.property(fc.array(move, { minLength: 200, maxLength: 600, size: 'max' }), (moves) => {
      const store = new MemoryStore()
      const join = new LabelJoin(WAIT_MS, WAITING_MAX, false, store)
      const whole = new LabelJoin(WAIT_MS, 1e6)
      let now = 0
      for (const { kind, id: number, step, outcome, score, counted } of moves) {
        now += step
        const id = ids[number]!
        const prediction = {
          version: `${now % 3}`,
          at: now,
          prediction: outcome,
          score,
          reference: null,
          counted,
        }
        if (kind === 'prediction') {
          expect(join.addPrediction(id, prediction, 0)).toStrictEqual(whole.addPrediction(id, prediction, 0))
        } else if (kind === 'label' && (number < EARLY_IDS || whole.has(id))) {
          expect(join.addLabel(id, now, outcome, counted, 0)).toStrictEqual(
            whole.addLabel(id, now, outcome, counted, 0),
          )
        } else if (kind === 'expire') expect(join.expire(now)).toEqual(whole.expire(now))
        expect(join.makeRoom()).toEqual({ predictions: 0, orphanLabels: 0 })
        expect([join.size, join.waiting]).toEqual([whole.size, whole.waiting])
        expect(join.inMemory).toBeLessThanOrEqual(WAITING_MAX)
        if (join.inStore > 0) spilled++
      }
      for (const id of ids) expect(join.has(id)).toBe(whole.has(id))
      join.expire(1e9)
      expect(store.bytes).toBe(0)
    }),
    { numRuns: 150 },
  )
  expect(spilled).toBeGreaterThan(1_000)
})

it('a task writes the same bytes whether predictions wait in memory or in a store', () => {
  let spilled = 0
  fc.assert(
    fc.property(fc.array(move, { minLength: 100, maxLength: 300, size: 'max' }), (moves) => {
      const taskOf = (waitingMax: number, store: MemoryStore | null) => ({
        state: createObserveState(0, store),
        context: {
          stream: { ...smallStream, paneMs: 50, labelWaitMs: WAIT_MS, waitingMax },
          models: new Map([['small', smallModel]]),
          // A prediction keeps what it was counted on, in the store as well, when another takes its place.
          referenceOf: (_model: string, version: string) => (version === '1' ? reference : null),
        },
      })
      const small = taskOf(WAITING_MAX, new MemoryStore())
      const large = taskOf(1e6, null)
      let at = 1_000_000
      reference = references[0]
      for (const [index, { kind, id: number, step, outcome, score, counted }] of moves.entries()) {
        at += step
        if (index === REPLACED_AT) reference = references[1]
        const id = ids[number]!
        const isLabel = kind === 'label' && (number < EARLY_IDS || large.state.joins.get('small')?.has(id))
        for (const { state, context } of [small, large]) {
          const arrival = { offset: index, timestamp: at, counted }
          if (isLabel) observeLabel(state, { model: 'small', id, at, label: outcome }, arrival, context)
          if (kind === 'prediction') {
            const features = { x: number / 10, c: 'c0' }
            const version = number % 3 === 0 ? '2' : '1'
            const event = { model: 'small', version, id, at, features, prediction: outcome, score }
            observeFeature(state, viewOf(event), arrival, context)
          }
        }
        spilled += small.state.joins.get('small')?.inStore ?? 0
        if (index % 40 === 39) expect(flushOf(small.state)).toEqual(flushOf(large.state))
      }
      expect(flushOf(small.state)).toEqual(flushOf(large.state))
    }),
    { numRuns: 60 },
  )
  expect(spilled).toBeGreaterThan(1_000)
})
