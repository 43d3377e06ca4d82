import { describe, expect, it } from 'vitest'
import { BackOff } from '../../../../src/events/extract/back-off.ts'

/** Of so many records in which reading fails, those that were tried. */
function tried(attempts: BackOff, records: number): number[] {
  const places: number[] = []
  for (let record = 0; record < records; record++) {
    if (!attempts.next()) continue
    places.push(record)
    attempts.settle(false)
  }
  return places
}

describe('BackOff', () => {
  it('tries eight in a row, then after ever longer pauses, at least every 64th', () => {
    const places = tried(new BackOff(), 10_000)
    expect(places.slice(0, 15)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9, 13, 21, 37, 69, 133, 197])
    const gaps = places.map((place, index) => place - (places[index - 1] ?? 0))
    expect(Math.max(...gaps)).toBe(64)
    expect(places.length).toBeLessThan(180)
  })

  it('starts anew with the first record that was read', () => {
    const attempts = new BackOff()
    tried(attempts, 500)
    expect(attempts.hopeless).toBe(true)
    while (!attempts.next());
    attempts.settle(true)
    expect(attempts.hopeless).toBe(false)
    expect(tried(attempts, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('does not pause while doubts are exceptions', () => {
    const attempts = new BackOff()
    for (let record = 0; record < 1000; record++) {
      expect(attempts.next()).toBe(true)
      attempts.settle(record % 8 === 7)
    }
  })
})
