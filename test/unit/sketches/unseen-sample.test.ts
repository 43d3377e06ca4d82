import { describe, expect, it } from 'vitest'
import type { UnseenOccurrence } from '../../../src/sketches/types.ts'
import {
  addUnseen,
  UNSEEN_LENGTH_MAX,
  UNSEEN_MAX,
  unseenRank,
  unseenValues,
} from '../../../src/sketches/unseen-sample.ts'

function sampleOf(values: readonly string[]): readonly UnseenOccurrence[] {
  return values.reduce<readonly UnseenOccurrence[]>(
    (sample, value, at) => addUnseen(sample, unseenRank(`event ${at}`, 0), value),
    [],
  )
}

describe('addUnseen', () => {
  it('keeps no more than its bound, and frequent values in proportion', () => {
    // One value in two, one in four, and thousands of values that came once each.
    const values = Array.from(
      { length: 20_000 },
      (_, at) => ['often', `rare ${at}`, 'often', 'less'][at % 4]!,
    )
    const sample = sampleOf(values)
    expect(sample).toHaveLength(UNSEEN_MAX)
    const [first, second] = unseenValues(sample)
    expect(first!.value).toBe('often')
    expect(second!.value).toBe('less')
    // Four standard errors of 64 draws.
    expect(Math.abs(first!.share - 0.5)).toBeLessThan(0.25)
    expect(Math.abs(second!.share - 0.25)).toBeLessThan(0.22)
  })

  it('cuts long values and tells them apart', () => {
    const long = 'x'.repeat(10_000)
    const values = unseenValues(
      sampleOf([`${long}a`, `${long}b`, `${long}a`, long.slice(0, UNSEEN_LENGTH_MAX)]),
    )
    expect(values.map(({ share }) => share)).toEqual([0.5, 0.25, 0.25])
    for (const { value } of values) expect(value.length).toBe(UNSEEN_LENGTH_MAX)
  })
})

describe('unseenRank', () => {
  it('is spread evenly, also over ids that differ in one digit, and differs by feature', () => {
    const quarters = [0, 0, 0, 0]
    for (let id = 0; id < 4000; id++) quarters[Math.floor(unseenRank(`p-${id}`, 3) / 2 ** 30)]!++
    // Five standard deviations of a binomial count.
    for (const count of quarters) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(750))
    expect(unseenRank('p-1', 0)).not.toBe(unseenRank('p-1', 1))
  })
})

describe('unseenValues', () => {
  it('are none for an empty sample', () => {
    expect(unseenValues([])).toEqual([])
  })
})
