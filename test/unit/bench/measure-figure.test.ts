import { describe, expect, it } from 'vitest'
import { FIGURES } from '../../../bench/catalogue.ts'
import { measureFigure } from '../../../bench/measure-figure.ts'

const figure = FIGURES.find(({ id }) => id === 'merge-pane')!

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
