import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LabelJoin } from '../../src/steps/label-join.ts'
import type { WaitingPrediction } from '../../src/steps/prediction-columns.ts'

const WAIT_MS = 64
const WAITING_MAX = 40

/** What the join must say, by two maps that keep the order in which ids came. */
class PlainJoin {
  readonly predictions = new Map<string, { prediction: WaitingPrediction; joined: boolean }>()
  readonly labels = new Map<string, { at: number; label: number | string | boolean; counted: boolean }>()
  #expiredAt = Number.NEGATIVE_INFINITY

  addPrediction(id: string, prediction: WaitingPrediction) {
    if (this.predictions.has(id)) return { kind: 'duplicate' }
    const early = this.labels.get(id)
    this.predictions.set(id, { prediction, joined: early !== undefined })
    if (early === undefined) return { kind: 'waiting' }
    this.labels.delete(id)
    return { kind: 'joined', label: early.label, at: early.at, counted: early.counted, other: null }
  }

  addLabel(id: string, at: number, label: number | string | boolean, counted: boolean) {
    const met = this.predictions.get(id)
    if (met?.joined || (met === undefined && this.labels.has(id))) return { kind: 'duplicate' }
    if (met === undefined) {
      this.labels.set(id, { at, label, counted })
      return { kind: 'early' }
    }
    met.joined = true
    return { kind: 'joined', prediction: met.prediction, others: [] }
  }

  expire(now: number) {
    // Times are whole and a look is due at each.
    if (now <= this.#expiredAt) return { predictions: 0, orphanLabels: 0 }
    this.#expiredAt = now
    return this.#dropWhile((at) => at < now - WAIT_MS)
  }

  makeRoom() {
    return this.#dropWhile(() => this.predictions.size + this.labels.size > WAITING_MAX)
  }

  #dropWhile(isOver: (at: number) => boolean) {
    const expired = { predictions: 0, orphanLabels: 0 }
    for (const [id, { prediction, joined }] of this.predictions) {
      if (!isOver(prediction.at)) break
      this.predictions.delete(id)
      if (!joined) expired.predictions++
    }
    for (const [id, { at, counted }] of this.labels) {
      if (!isOver(at)) break
      this.labels.delete(id)
      if (counted) expired.orphanLabels++
    }
    return expired
  }
}

/** Few, so that they meet; some that differ in the last unit, some that no Latin has, some that are long. */
const ids = [
  ...Array.from({ length: 60 }, (_, at) => `p-${at}`),
  ...['__proto__', 'constructor', 'é', '\u0100', '漢字', '\ud800', '\ud801', '\ufffd', 'x'.repeat(512)],
]
const outcome = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.constantFrom('yes', 'no'), fc.boolean())
const score = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constant(undefined),
  fc.constant({ yes: 0.25, no: 0.75 }),
)
const move = fc.record({
  kind: fc.constantFrom('prediction', 'prediction', 'prediction', 'label', 'label', 'expire'),
  id: fc.constantFrom(...ids),
  step: fc.integer({ min: -2, max: 6 }),
  outcome,
  score,
  counted: fc.boolean(),
})

it('a join says what two maps would say, whatever comes, expires and gives way', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 400, size: 'max' }), (moves) => {
      const join = new LabelJoin(WAIT_MS, WAITING_MAX)
      const plain = new PlainJoin()
      let now = 0
      for (const { kind, id, step, outcome, score, counted } of moves) {
        now += step
        const prediction = {
          version: `${now % 3}`,
          at: now,
          prediction: outcome,
          score,
          reference: null,
          counted,
        }
        if (kind === 'prediction') {
          expect(join.addPrediction(id, prediction, 0)).toEqual(plain.addPrediction(id, prediction))
        } else if (kind === 'label') {
          expect(join.addLabel(id, now, outcome, counted, 0)).toEqual(
            plain.addLabel(id, now, outcome, counted),
          )
        } else expect(join.expire(now)).toEqual(plain.expire(now))
        expect(join.makeRoom()).toEqual(plain.makeRoom())
        expect(join.size).toBe(plain.predictions.size + plain.labels.size)
      }
      for (const id of ids) expect(join.has(id)).toBe(plain.predictions.has(id))
    }),
    { numRuns: 300 },
  )
})
