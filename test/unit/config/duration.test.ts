import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../../src/config/duration.ts'

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['5s', 5_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([5, '5', '', 's', '-5s', '1.5h', '5 s', '5S', '1h30m', ' 5s', '99999999999999d', null, undefined])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeNull()
    },
  )
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [90_061, '90061ms'],
    [48 * 3_600_000, '2d'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
