import { describe, expect, it } from 'vitest'
import { isQuiet } from '../../../src/triggers/quiet-hours.ts'

const every = [0, 1, 2, 3, 4, 5, 6]
const night = { fromMinute: 22 * 60, toMinute: 6 * 60, timezone: 'UTC', days: every }
const at = (text: string) => Date.parse(text)

describe('quiet hours', () => {
  it.each([
    ['2001-04-16T21:59:59Z', false],
    ['2001-04-16T22:00:00Z', true],
    ['2001-04-17T00:00:00Z', true],
    ['2001-04-17T05:59:59Z', true],
    ['2001-04-17T06:00:00Z', false],
  ])('that pass midnight: %s is %s', (time, quiet) => {
    expect(isQuiet(night, at(time))).toBe(quiet)
  })

  it('within a day, and all of it', () => {
    const lunch = { ...night, fromMinute: 12 * 60, toMinute: 13 * 60 }
    expect(
      ['11:59', '12:00', '12:59', '13:00'].map((time) => isQuiet(lunch, at(`2001-04-16T${time}Z`))),
    ).toEqual([false, true, true, false])
    const sundays = { ...night, fromMinute: 0, toMinute: 0, days: [0] }
    // 2001-04-15 was a Sunday.
    expect(isQuiet(sundays, at('2001-04-14T23:59:59Z'))).toBe(false)
    expect(isQuiet(sundays, at('2001-04-15T00:00:00Z'))).toBe(true)
    expect(isQuiet(sundays, at('2001-04-15T23:59:59Z'))).toBe(true)
    expect(isQuiet(sundays, at('2001-04-16T00:00:00Z'))).toBe(false)
  })

  it('belong to the day on which they begin', () => {
    const friday = { ...night, days: [5] }
    expect(isQuiet(friday, at('2001-04-20T01:00:00Z'))).toBe(false)
    expect(isQuiet(friday, at('2001-04-20T23:00:00Z'))).toBe(true)
    expect(isQuiet(friday, at('2001-04-21T01:00:00Z'))).toBe(true)
    expect(isQuiet(friday, at('2001-04-21T23:00:00Z'))).toBe(false)
  })

  it('go by the wall clock of their zone, in winter and in summer', () => {
    const vienna = { ...night, timezone: 'Europe/Vienna' }
    expect(isQuiet(vienna, at('2001-01-16T21:00:00Z'))).toBe(true)
    expect(isQuiet(vienna, at('2001-01-16T20:59:00Z'))).toBe(false)
    expect(isQuiet(vienna, at('2001-07-16T20:00:00Z'))).toBe(true)
    expect(isQuiet(vienna, at('2001-07-17T04:00:00Z'))).toBe(false)
  })
})
