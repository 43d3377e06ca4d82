import { describe, expect, it } from 'vitest'
import { FIGURES } from '../../../bench/catalogue.ts'
import { decide, measureFigure } from '../../../bench/measure-figure.ts'

const figure = FIGURES.find(({ id }) => id === 'merge-pane')!

describe('decide', () => {
  it('is the middle of ratios and of memory', () => {
    const ratio = (value: number) => ({ value, nanoseconds: { a: value, b: 1 } })
    expect(decide([ratio(3), ratio(1), ratio(2)])).toBe(2)
    expect(decide([30, 10, 20].map((value) => ({ value, nanoseconds: {} })))).toBe(20)
  })

  it('is the fastest of times and of rates', () => {
    const rate = (nanoseconds: number) => ({ value: 1e9 / nanoseconds, nanoseconds: { a: nanoseconds } })
    expect(decide([rate(10), rate(5), rate(20)])).toBe(2e8)
    const time = (value: number) => ({ value, nanoseconds: { a: value } })
    expect(decide([time(10), time(5), time(20)])).toBe(5)
  })

  it('is not a number without a measurement', () => {
    expect(decide([])).toBeNaN()
  })
})

describe('measureFigure', () => {
  it('measures in a process of its own', async () => {
    const { value, measurements, failure } = await measureFigure(figure, 1, true)
    expect(failure).toBeNull()
    expect(value).toBeGreaterThan(0)
    expect(measurements).toEqual([{ value, nanoseconds: { merge: expect.closeTo(value * 1e6, 3) } }])
  })

  it('is not a number where the process fails, and says why in one line', async () => {
    const measured = await measureFigure({ ...figure, argument: 'mince' }, 3, true)
    expect(measured.value).toBeNaN()
    expect(measured.failure).toBe('Error: expected one of merge, encode, decode, got mince')
  })
})
