import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitByTime } from '../../../src/retraining/split.ts'

const rowsAt = (...times: readonly number[]) => times.map((at, index) => ({ id: `p${index}`, at }))
const share = (holdoutShare: number, holdoutMin = 1) => ({ holdoutShare, holdoutMin })

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).join(' ')

describe('splitByTime', () => {
  it('keeps the latest share from the trainer', () => {
    const split = splitByTime(rowsAt(5, 3, 1, 4, 2), share(0.4))
    expect(split).toEqual({
      kind: 'split',
      train: [
        { id: 'p2', at: 1 },
        { id: 'p4', at: 2 },
        { id: 'p1', at: 3 },
      ],
      holdout: [
        { id: 'p3', at: 4 },
        { id: 'p0', at: 5 },
      ],
      cutAt: 4,
    })
  })

  it.each([
    ['to the holdout where that is nearer', [1, 2, 3, 3, 4, 5, 6, 7, 8, 9], 0.7, 'p2'],
    ['to the training where that is nearer', [1, 1, 1, 1, 2, 3, 4, 5, 6, 7], 0.7, 'p4'],
    ['to the training where the holdout would take all', [1, 1, 1, 1, 1, 1, 1, 1, 2], 0.9, 'p8'],
    ['to the holdout where the training would take all', [1, 2, 2, 2, 2, 2, 2, 2, 2], 0.1, 'p1'],
  ])('rows of one time go together %s', (_, times, holdoutShare, firstOfHoldout) => {
    const split = splitByTime(rowsAt(...times), share(holdoutShare))
    expect(split.kind === 'split' && split.holdout[0]?.id).toBe(firstOfHoldout)
  })

  it('tells what is too small', () => {
    expect(splitByTime([], share(0.3))).toEqual({
      kind: 'too-small',
      reason: '0 labelled events cannot be cut in two by time',
    })
    expect(splitByTime(rowsAt(7, 7, 7), share(0.3)).kind).toBe('too-small')
    expect(splitByTime(rowsAt(1, 2, 3, 4), share(0.5, 3))).toEqual({
      kind: 'too-small',
      reason: '2 of 3 holdout events, from 4 labelled ones',
    })
  })

  it('parts all rows by time, whatever their order', () => {
    const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 })
    fc.assert(
      fc.property(times, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (list, holdoutShare) => {
        const rows = rowsAt(...list)
        const split = splitByTime(rows, share(holdoutShare))
        expect(splitByTime(rows.toReversed(), share(holdoutShare))).toEqual(split)
        if (split.kind === 'too-small') {
          expect(new Set(list).size).toBeLessThan(2)
          return
        }
        const { train, holdout, cutAt } = split
        expect(train.length * holdout.length).toBeGreaterThan(0)
        expect(train.every(({ at }) => at < cutAt) && holdout.every(({ at }) => at >= cutAt)).toBe(true)
        expect(idsOf([...train, ...holdout].sort((a, b) => (a.id < b.id ? -1 : 1)))).toBe(
          idsOf(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))),
        )
      }),
    )
  })
})
