import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addPair,
  createPairedLosses,
  mergePairedLosses,
  type OneLoss,
  pairTotal,
} from '../../../src/sketches/paired-losses.ts'

const oneLoss: fc.Arbitrary<OneLoss> = fc.record({
  wrong: fc.boolean(),
  graded: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
})

describe('paired losses', () => {
  it('count errors of each, events on which one was right, and graded losses that both have', () => {
    const losses = createPairedLosses()
    addPair(losses, { wrong: true, graded: 0.5 }, { wrong: false, graded: 0.25 })
    addPair(losses, { wrong: true, graded: null }, { wrong: true, graded: 1 })
    addPair(losses, { wrong: false, graded: 0 }, { wrong: false, graded: 0.75 })
    expect(losses).toMatchObject({ n: 3, firstErrors: 2, secondErrors: 1, split: 1, graded: 2 })
    expect(pairTotal(losses, 'first')).toBe(0.5)
    expect(pairTotal(losses, 'second')).toBe(1)
    expect(pairTotal(losses, 'squares')).toBe(0.0625 + 0.5625)
  })

  it('are the same in any order and any split', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(oneLoss, oneLoss), { maxLength: 30 }), fc.nat(), (pairs, at) => {
        const cut = at % (pairs.length + 1)
        const whole = createPairedLosses()
        for (const pair of pairs) addPair(whole, ...pair)
        const [one, other] = [createPairedLosses(), createPairedLosses()]
        for (const pair of pairs.slice(cut)) addPair(one, ...pair)
        for (const pair of pairs.slice(0, cut)) addPair(other, ...pair)
        mergePairedLosses(one, other)
        expect(one).toEqual(whole)
      }),
    )
  })
})
