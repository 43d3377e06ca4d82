import { describe, expect, it } from 'vitest'
import { unpackLz4 } from '../../../../src/log/kafkajs/unpack-lz4.ts'

const MAX = 100_000

/** A frame, version 1, independent blocks; flags as given. */
function frame(blocks: readonly Buffer[], flags = 0x60, header: Buffer = Buffer.alloc(0)): Buffer {
  const parts = blocks.flatMap((block) => [uint32(block.length), block])
  const begin = Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, 0x40])
  return Buffer.concat([begin, header, Buffer.from([0]), ...parts, uint32(0)])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const bytes = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))

const unpacked = (packed: Buffer) => unpackLz4(packed, MAX).toString()

describe('unpackLz4', () => {
  it('copies literals and repeats, also one that repeats itself', () => {
    // 3 literals, then 7 bytes from 3 back; 1 literal closes the block.
    expect(unpacked(frame([bytes(0x33, 'abc', 3, 0, 0x10, 'z')]))).toBe('abcabcabcaz')
    expect(unpacked(frame([bytes(0x1f, 'x', 1, 0, 255, 0, 0x00)]))).toBe('x'.repeat(1 + 15 + 255 + 4))
  })

  it('reads lengths that go on in further bytes', () => {
    expect(unpacked(frame([bytes(0xf0, 5, 'l'.repeat(20))]))).toBe('l'.repeat(20))
    expect(unpacked(frame([bytes(0xf0, 255, 30, 'l'.repeat(300))]))).toBe('l'.repeat(300))
  })

  it('reads stored blocks, repeats over blocks, sizes and checksums', () => {
    const stored = Buffer.concat([uint32(0x8000_0003), Buffer.from('abc')])
    const linked = Buffer.concat([uint32(5), bytes(0x00, 3, 0, 0x10, 'z')])
    const begin = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0])
    expect(unpacked(Buffer.concat([begin, stored, linked, uint32(0)]))).toBe('abcabcaz')
    const size = Buffer.alloc(8)
    expect(unpacked(frame([bytes(0x30, 'abc')], 0x68, size))).toBe('abc')
    const withChecksum = Buffer.concat([uint32(4), bytes(0x30, 'abc'), uint32(99)])
    const checked = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x70, 0x40, 0])
    expect(unpacked(Buffer.concat([checked, withChecksum, uint32(0)]))).toBe('abc')
  })

  it.each([
    ['no frame', Buffer.from('abcdefgh'), 'an LZ4 frame'],
    ['another version', frame([], 0x20), 'version 1'],
    ['a dictionary', frame([], 0x61), 'dictionary'],
    ['no end mark', frame([bytes(0x10, 'a')]).subarray(0, -4), 'the end mark'],
    ['a block that is cut', frame([bytes(0x30, 'abc')]).subarray(0, 12), 'an LZ4 block of 4'],
    ['literals that are cut', frame([bytes(0x70, 'abc')]), '7 literal bytes'],
    ['a length that is cut', frame([bytes(0xf0, 255)]), 'a length'],
    ['a distance that is cut', frame([bytes(0x10, 'a', 1)]), 'a distance'],
    ['a repeat of what is not there', frame([bytes(0x10, 'a', 2, 0, 0x00)]), 'within 1 bytes'],
    ['a repeat of nothing', frame([bytes(0x10, 'a', 0, 0, 0x00)]), 'got 0'],
  ])('refuses %s', (_, packed, words) => {
    expect(() => unpackLz4(packed, MAX)).toThrow(
      expect.objectContaining({ code: 'BATCH_UNDECODABLE', message: expect.stringContaining(words) }),
    )
  })

  it('stops at the bound, however much a few bytes claim', () => {
    const bomb = frame([bytes(0x1f, 'x', 1, 0, ...Array.from({ length: 1_000 }, () => 255), 0, 0x00)])
    expect(() => unpackLz4(bomb, MAX)).toThrow('at most 100000 bytes')
  })
})
