import { describe, expect, it } from 'vitest'
import { unpackSnappy } from '../../../../src/log/kafkajs/unpack-snappy.ts'

const MAX = 100_000

const bytes = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))

/** As the Java client frames blocks. */
function framed(...blocks: readonly Buffer[]): Buffer {
  const parts = blocks.flatMap((block) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(block.length)
    return [length, block]
  })
  return Buffer.concat([bytes(0x82, 'SNAPPY', 0), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]), ...parts])
}

const unpacked = (packed: Buffer) => unpackSnappy(packed, MAX).toString()

describe('unpackSnappy', () => {
  it('copies literals and repeats of all three kinds', () => {
    // Tags: a literal of 3; 4 bytes from 3 back in two bytes, 5 from 3 in three, 6 from 1 in five.
    const block = bytes(18, 0x08, 'abc', 0x01, 3, 0x12, 3, 0, 0x17, 1, 0, 0, 0)
    expect(unpacked(block)).toBe(`abcabcabcabc${'c'.repeat(6)}`)
  })

  it('reads literals whose length stands in bytes of its own', () => {
    expect(unpacked(bytes(100, 0xf0, 99, 'l'.repeat(100)))).toBe('l'.repeat(100))
    expect(unpacked(bytes(0xac, 0x02, 0xf4, 0x2b, 0x01, 'l'.repeat(300)))).toBe('l'.repeat(300))
  })

  it('reads blocks framed as by the Java client, each for itself', () => {
    expect(unpacked(framed(bytes(3, 0x08, 'abc'), bytes(2, 0x04, 'de')))).toBe('abcde')
    expect(unpacked(framed())).toBe('')
  })

  it.each([
    ['nothing at all', Buffer.alloc(0), 'more bytes'],
    ['a literal that is cut', bytes(3, 0x08, 'ab'), '3 literal bytes'],
    ['a repeat of what is not there', bytes(5, 0x00, 'a', 0x01, 9), 'within 1 bytes'],
    ['another length than announced', bytes(9, 0x00, 'a'), '9 bytes of a Snappy block, got 1'],
    ['a length without an end', bytes(255, 255, 255, 255, 255, 255), 'at most 5 bytes'],
    ['a frame that is cut', framed(bytes(3, 0x08, 'abc')).subarray(0, -1), 'a Snappy block of 5 bytes'],
    ['a frame without a length', framed(bytes(1, 0)).subarray(0, 18), 'the length of a Snappy block'],
  ])('refuses %s', (_, packed, words) => {
    expect(() => unpackSnappy(packed, MAX)).toThrow(
      expect.objectContaining({ code: 'BATCH_UNDECODABLE', message: expect.stringContaining(words) }),
    )
  })

  it('stops at the bound', () => {
    const bomb = bytes(
      0xff,
      0xff,
      0xff,
      0x7f,
      0x00,
      'a',
      ...Array.from({ length: 2_000 }, () => [0xfe, 1, 0]).flat(),
    )
    expect(() => unpackSnappy(bomb, MAX)).toThrow('at most 100000 bytes')
  })
})
