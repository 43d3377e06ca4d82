import { expect, it } from 'vitest'
import { waitOf } from '../../../../src/consumers/alerts/retry-after.ts'

const NOW = Date.UTC(1994, 10, 6, 8, 49, 37)

// The dates are the examples of RFC 9110, 5.6.7.
it.each([
  ['120', 120_000],
  ['0', 0],
  [' 3 ', 3_000],
  ['Sun, 06 Nov 1994 08:49:47 GMT', 10_000],
  ['Sunday, 06-Nov-94 08:49:47 GMT', 10_000],
  ['Sun, 06 Nov 1994 08:49:27 GMT', 0],
  [null, null],
  ['', null],
  ['soon', null],
  ['Soon', null],
  ['-5', null],
  ['1.5', null],
  ['1994-11-06', null],
])('%s is a wait of %s ms', (text, waitMs) => {
  expect(waitOf(text, NOW)).toBe(waitMs)
})
