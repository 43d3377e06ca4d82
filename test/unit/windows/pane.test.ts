import { describe, expect, it } from 'vitest'
import { paneStart } from '../../../src/windows/pane.ts'

describe('paneStart', () => {
  it.each([
    [0, 0],
    [-0, 0],
    [999, 0],
    [1000, 1000],
    [1999.5, 1000],
    [-1, -1000],
    [-1000, -1000],
    [-1001, -2000],
  ])('of %d is %d', (at, start) => {
    expect(paneStart(at, 1000)).toBe(start)
  })

  it('is exact to the last millisecond of the calendar', () => {
    const hourMs = 3_600_000
    for (const end of [8.64e15, -8.64e15, Date.UTC(2027, 0, 1)]) {
      expect(paneStart(end, hourMs)).toBe(end)
      expect(paneStart(end - 1, hourMs)).toBe(end - hourMs)
    }
  })
})
