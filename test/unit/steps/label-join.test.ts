import { describe, expect, it } from 'vitest'
import { LabelJoin, type WaitingPrediction } from '../../../src/steps/label-join.ts'

function prediction(at: number, counted = true): WaitingPrediction {
  return { version: '1', at, prediction: 1, score: 0.5, reference: null, counted }
}

describe('LabelJoin', () => {
  it('joins whichever comes first', () => {
    const join = new LabelJoin(50, 10)
    expect(join.addPrediction('a', prediction(0))).toEqual({ kind: 'waiting' })
    expect(join.addLabel('a', 5, 1, true)).toMatchObject({ kind: 'joined', prediction: { at: 0 } })
    expect(join.addLabel('b', 5, 'yes', false)).toEqual({ kind: 'early' })
    expect(join.addPrediction('b', prediction(6))).toEqual({
      kind: 'joined',
      label: 'yes',
      at: 5,
      counted: false,
    })
  })

  it('recognises a repeat of either side, joined or not', () => {
    const join = new LabelJoin(50, 10)
    join.addPrediction('a', prediction(0))
    expect(join.has('a')).toBe(true)
    expect(join.addPrediction('a', prediction(1))).toEqual({ kind: 'duplicate' })
    join.addLabel('a', 2, 1, true)
    expect(join.addLabel('a', 3, 0, true)).toEqual({ kind: 'duplicate' })
    expect(join.addPrediction('a', prediction(4))).toEqual({ kind: 'duplicate' })
    join.addLabel('early', 3, 0, true)
    expect(join.addLabel('early', 4, 0, true)).toEqual({ kind: 'duplicate' })
  })

  it('calls no label an orphan that was read again without its prediction', () => {
    const join = new LabelJoin(50, 10)
    join.addLabel('joined before', 1, 1, false)
    join.addLabel('orphan', 1, 1, true)
    expect(join.waiting).toBe(2)
    expect(join.expire(100)).toEqual({ predictions: 0, orphanLabels: 1 })
    expect([join.size, join.waiting]).toEqual([0, 0])
  })

  it('knows what waits from what is kept to recognise repeats', () => {
    const join = new LabelJoin(50, 10)
    join.addPrediction('a', prediction(0))
    join.addLabel('b', 0, 1, true)
    expect(join.waiting).toBe(2)
    join.addLabel('a', 1, 1, true)
    join.addPrediction('b', prediction(1))
    expect([join.size, join.waiting]).toEqual([2, 0])
    join.expire(100)
    expect([join.size, join.waiting]).toEqual([0, 0])
  })

  it('expires what is old, and counts only what never met', () => {
    const join = new LabelJoin(50, 10)
    join.addPrediction('met', prediction(0))
    join.addLabel('met', 1, 1, true)
    join.addPrediction('alone', prediction(1))
    join.addLabel('orphan', 1, 1, true)
    join.addPrediction('young', prediction(100))
    expect(join.expire(100)).toEqual({ predictions: 1, orphanLabels: 1 })
    expect(join.size).toBe(1)
    expect(join.has('young')).toBe(true)
  })

  it('never holds more than its bound: the oldest goes first', () => {
    const join = new LabelJoin(1e9, 3)
    let expired = 0
    for (let i = 0; i < 10; i++) {
      join.addPrediction(`p${i}`, prediction(i))
      expired += join.makeRoom().predictions
      expect(join.size).toBeLessThanOrEqual(3)
    }
    expect(expired).toBe(7)
    expect(join.has('p9')).toBe(true)
    expect(join.has('p6')).toBe(false)
  })

  it('looks at the time 64 times in the waiting time, not at every event', () => {
    const join = new LabelJoin(64, 1000)
    join.addPrediction('a', prediction(0))
    expect(join.expire(64.5)).toEqual({ predictions: 1, orphanLabels: 0 })
    join.addPrediction('b', prediction(1))
    expect(join.expire(65.4)).toEqual({ predictions: 0, orphanLabels: 0 })
    expect(join.expire(65.5)).toEqual({ predictions: 1, orphanLabels: 0 })
  })
})
