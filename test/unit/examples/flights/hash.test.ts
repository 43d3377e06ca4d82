import { expect, it } from 'vitest'
import { hash32, hashText } from '../../../../examples/flights/hash.ts'

it('is the finaliser of MurmurHash3', () => {
  // MurmurHash3_x86_32 of the empty key is the finaliser of its seed; published vectors for seeds 0, 1, 2^32-1.
  expect(hash32(0)).toBe(0)
  expect(hash32(1)).toBe(0x514e28b7)
  expect(hash32(0xffffffff)).toBe(0x81f16f39)
})

it('tells every airport-like name from the others', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const names = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)))
  expect(new Set(names.map(hashText)).size).toBe(names.length)
})
