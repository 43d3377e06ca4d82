import { describe, expect, it } from 'vitest'
import { judgeOutOfRange } from '../../../src/detectors/out-of-range.ts'
import { normalSample, numericReference, numericWindow, OPTIONS } from '../../support/counted-samples.ts'

// 182 to 418 at the extremes.
const reference = numericReference(normalSample(20_000, 300, 30))
const judge = (values: number[]) =>
  judgeOutOfRange('distance', reference, numericWindow(reference, values), OPTIONS)

describe('judgeOutOfRange', () => {
  it.each([
    ['above', 9999, '9999'],
    ['below', -1, '-1'],
  ])('sees values far %s the range', (_, value, text) => {
    const [finding] = judge([...normalSample(900, 300, 30), ...new Array<number>(100).fill(value)])
    expect(finding).toMatchObject({ verdict: 'drifted', statistic: 'out-of-range-rate', n: 1000 })
    expect(finding!.value).toBeCloseTo(0.1, 2)
    expect(finding!.message).toContain(`(it reaches ${text}) in up to 10.`)
  })

  it('adds up both sides', () => {
    const values = [-5000, 5000].flatMap((value) => new Array<number>(60).fill(value))
    const [finding] = judge([...normalSample(880, 300, 30), ...values])
    expect(finding!.value).toBeCloseTo(0.12, 2)
    expect(finding!.message).toContain('(it reaches -5000 and 5000)')
  })

  it('lets a new record pass, and many values that crowd inside the range', () => {
    expect(judge([...normalSample(900, 300, 30), 430])[0]).toMatchObject({ verdict: 'stable', value: 0 })
    expect(judge(new Array<number>(900).fill(417))[0]).toMatchObject({ verdict: 'stable', value: 0 })
  })

  it('is undecided on the few dozen values of a small pane, which may be out together', () => {
    const together = [...normalSample(38, 300, 30), ...new Array<number>(4).fill(900)]
    expect(judge(together)[0]).toMatchObject({ verdict: 'undecided', n: 42 })
  })

  it('lets one far value pass: a rate must rise', () => {
    expect(judge([...normalSample(900, 300, 30), 1e9])[0]).toMatchObject({ verdict: 'stable' })
  })

  it('knows no range without reference values', () => {
    const empty = numericReference([])
    expect(judgeOutOfRange('x', empty, numericWindow(empty, [1, 2, 3]), OPTIONS)).toEqual([])
  })
})
