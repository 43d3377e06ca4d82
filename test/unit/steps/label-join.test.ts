import { describe, expect, it } from 'vitest'
import { LabelJoin } from '../../../src/steps/label-join.ts'
import type { WaitingPrediction } from '../../../src/steps/prediction-columns.ts'

function prediction(at: number, counted = true): WaitingPrediction {
  return { version: '1', at, prediction: 1, score: 0.5, reference: null, counted }
}

describe('LabelJoin', () => {
  it('joins whichever comes first', () => {
    const join = new LabelJoin(50, 10)
    expect(join.addPrediction('a', prediction(0), 0)).toEqual({ kind: 'waiting' })
    expect(join.addLabel('a', 5, 1, true, 0)).toMatchObject({ kind: 'joined', prediction: { at: 0 } })
    expect(join.addLabel('b', 5, 'yes', false, 0)).toEqual({ kind: 'early' })
    expect(join.addPrediction('b', prediction(6), 0)).toEqual({
      kind: 'joined',
      label: 'yes',
      at: 5,
      counted: false,
      other: null,
    })
  })

  it('recognises a repeat of either side, joined or not', () => {
    const join = new LabelJoin(50, 10)
    join.addPrediction('a', prediction(0), 0)
    expect(join.has('a')).toBe(true)
    expect(join.addPrediction('a', prediction(1), 0)).toEqual({ kind: 'duplicate' })
    join.addLabel('a', 2, 1, true, 0)
    expect(join.addLabel('a', 3, 0, true, 0)).toEqual({ kind: 'duplicate' })
    expect(join.addPrediction('a', prediction(4), 0)).toEqual({ kind: 'duplicate' })
    join.addLabel('early', 3, 0, true, 0)
    expect(join.addLabel('early', 4, 0, true, 0)).toEqual({ kind: 'duplicate' })
  })

  it('calls no label an orphan that was read again without its prediction', () => {
    const join = new LabelJoin(50, 10)
    join.addLabel('joined before', 1, 1, false, 0)
    join.addLabel('orphan', 1, 1, true, 0)
    expect(join.waiting).toBe(2)
    expect(join.expire(100)).toEqual({ predictions: 0, orphanLabels: 1 })
    expect([join.size, join.waiting]).toEqual([0, 0])
  })

  it('knows what waits from what is kept to recognise repeats', () => {
    const join = new LabelJoin(50, 10)
    join.addPrediction('a', prediction(0), 0)
    join.addLabel('b', 0, 1, true, 0)
    expect(join.waiting).toBe(2)
    join.addLabel('a', 1, 1, true, 0)
    join.addPrediction('b', prediction(1), 0)
    expect([join.size, join.waiting]).toEqual([2, 0])
    join.expire(100)
    expect([join.size, join.waiting]).toEqual([0, 0])
  })

  it('expires what is old, and counts only what never met', () => {
    const join = new LabelJoin(50, 10)
    join.addPrediction('met', prediction(0), 0)
    join.addLabel('met', 1, 1, true, 0)
    join.addPrediction('alone', prediction(1), 0)
    join.addLabel('orphan', 1, 1, true, 0)
    join.addPrediction('young', prediction(100), 0)
    expect(join.expire(100)).toEqual({ predictions: 1, orphanLabels: 1 })
    expect(join.size).toBe(1)
    expect(join.has('young')).toBe(true)
  })

  it('never holds more than its bound: the oldest goes first', () => {
    const join = new LabelJoin(1e9, 3)
    let expired = 0
    for (let i = 0; i < 10; i++) {
      join.addPrediction(`p${i}`, prediction(i), 0)
      expired += join.makeRoom().predictions
      expect(join.size).toBeLessThanOrEqual(3)
    }
    expect(expired).toBe(7)
    expect(join.has('p9')).toBe(true)
    expect(join.has('p6')).toBe(false)
  })

  it('looks at the time 64 times in the waiting time, not at every event', () => {
    const join = new LabelJoin(64, 1000)
    join.addPrediction('a', prediction(0), 0)
    expect(join.expire(64.5)).toEqual({ predictions: 0, orphanLabels: 0 })
    expect(join.expire(65)).toEqual({ predictions: 1, orphanLabels: 0 })
    join.addPrediction('b', prediction(1), 0)
    expect(join.expire(65.9)).toEqual({ predictions: 0, orphanLabels: 0 })
    expect(join.expire(66)).toEqual({ predictions: 1, orphanLabels: 0 })
  })
})

describe('LabelJoin with answers in shadow', () => {
  const of = (version: string, at = 0, counted = true): WaitingPrediction => ({
    ...prediction(at, counted),
    version,
  })

  it('joins the answers of two versions with one label, in every order of the three', () => {
    const arrivals = {
      first: (join: LabelJoin) => join.addPrediction('a', of('1'), 0),
      second: (join: LabelJoin) => join.addPrediction('a', of('2'), 0),
      label: (join: LabelJoin) => join.addLabel('a', 5, 1, true, 0),
    }
    const orders = [
      ['first', 'second', 'label'],
      ['second', 'first', 'label'],
      ['first', 'label', 'second'],
      ['second', 'label', 'first'],
      ['label', 'first', 'second'],
      ['label', 'second', 'first'],
    ] as const
    for (const order of orders) {
      const join = new LabelJoin(50, 10, true)
      const results = order.map((arrival) => arrivals[arrival](join))
      let outcomes = 0
      for (const result of results) {
        if (result.kind === 'joined') outcomes += 'others' in result ? 1 + result.others.length : 1
      }
      expect({ order, outcomes }).toEqual({ order, outcomes: 2 })
      const last = results[2]!
      const other = 'others' in last ? last.others[0] : 'other' in last ? last.other : null
      expect(other?.version, order.join()).toMatch(/^[12]$/)
      // Whatever comes again now is a repeat.
      for (const arrival of order) expect(arrivals[arrival](join)).toEqual({ kind: 'duplicate' })
      expect(join.waiting).toBe(0)
    }
  })

  it('takes another version for a repeat where none may answer twice, and a fifth anywhere', () => {
    const alone = new LabelJoin(50, 10)
    alone.addPrediction('a', of('1'), 0)
    expect(alone.addPrediction('a', of('2'), 0)).toEqual({ kind: 'duplicate' })
    const join = new LabelJoin(50, 10, true)
    const kinds = ['1', '2', '3', '4', '5'].map((version) => join.addPrediction('a', of(version), 0).kind)
    expect(kinds).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'duplicate'])
  })

  it('knows whether the label was counted when the second answer comes last', () => {
    for (const counted of [true, false]) {
      const join = new LabelJoin(50, 10, true)
      join.addPrediction('a', of('1', 0, false), 0)
      join.addLabel('a', 5, 'yes', counted, 0)
      const met = join.addPrediction('a', of('2'), 0)
      expect(met).toMatchObject({
        kind: 'joined',
        label: 'yes',
        counted,
        other: { version: '1', counted: false },
      })
    }
  })

  it('lets second answers expire with the first, and go first when there is no room', () => {
    const join = new LabelJoin(50, 10, true)
    join.addPrediction('a', of('1'), 0)
    join.addPrediction('a', of('2'), 0)
    expect(join.expire(51)).toEqual({ predictions: 2, orphanLabels: 0 })
    expect(join.size).toBe(0)

    const small = new LabelJoin(50, 4, true)
    for (const id of ['a', 'b', 'c'])
      for (const version of ['1', '2']) small.addPrediction(id, of(version), 0)
    expect(small.makeRoom()).toEqual({ predictions: 2, orphanLabels: 0 })
    expect(small.addLabel('a', 5, 1, true, 0)).toMatchObject({ kind: 'joined', others: [] })
    expect(small.addLabel('c', 5, 1, true, 0)).toMatchObject({ kind: 'joined', others: [{ version: '2' }] })
  })
})
