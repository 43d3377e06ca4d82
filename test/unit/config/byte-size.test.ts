import { expect, it } from 'vitest'
import { parseByteSize } from '../../../src/config/byte-size.ts'

it.each([
  ['0B', 0],
  ['512KiB', 524_288],
  ['64MiB', 67_108_864],
  ['2GiB', 2_147_483_648],
])('%s is %i bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes)
})

it.each(['64', 64, '64MB', '-1KiB', '1.5MiB', '64 MiB', '', null, '99999999999999GiB'])(
  '%j is no size',
  (text) => {
    expect(parseByteSize(text)).toBeNull()
  },
)
