import { describe, expect, it } from 'vitest'
import { RefusalCap } from '../../../src/consumers/refusal-cap.ts'

const options = { headers: 'connect', shareMax: 0.5, pauseMs: 1_000 } as const

describe('RefusalCap', () => {
  it('says nothing of few records, however many are refused', () => {
    const cap = new RefusalCap(options)
    expect(cap.note(99, 99, 0)).toBeNull()
    expect(cap.isPaused(0)).toBe(false)
  })

  it('adds up small batches, and pauses for its time when more than the share is refused', () => {
    const cap = new RefusalCap(options)
    for (let batch = 0; batch < 9; batch++) expect(cap.note(10, 6, batch)).toBeNull()
    expect(cap.note(10, 6, 9)).toBe(0.6)
    expect([cap.isPaused(9), cap.isPaused(1_008), cap.isPaused(1_009)]).toEqual([true, true, false])
  })

  it('lets exactly the share pass, and begins anew after each look', () => {
    const cap = new RefusalCap(options)
    expect(cap.note(100, 50, 0)).toBeNull()
    expect(cap.note(100, 51, 0)).toBe(0.51)
    expect(cap.note(100, 0, 0)).toBeNull()
  })

  it('never pauses at a share of 1', () => {
    const cap = new RefusalCap({ ...options, shareMax: 1 })
    expect(cap.note(500, 500, 0)).toBeNull()
  })
})
