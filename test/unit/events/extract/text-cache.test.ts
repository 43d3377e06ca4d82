import { describe, expect, it } from 'vitest'
import { RecordBytes } from '../../../../src/events/extract/record-bytes.ts'
import { TextCache } from '../../../../src/events/extract/text-cache.ts'

const record = new RecordBytes()
const cache = new TextCache(record)

/** What the cache makes of bytes between two quotes. */
function read(bytes: string | Uint8Array, plain = false): string | null {
  record.load(Buffer.concat([Buffer.from('"'), Buffer.from(bytes as string), Buffer.from('"')]))
  return cache.text(1, record.length - 1, plain)
}

describe('TextCache', () => {
  it('reads texts, plain and coded', () => {
    expect(read('', true)).toBe('')
    expect(read('DEN', true)).toBe('DEN')
    expect(read('Zürich')).toBe('Zürich')
    expect(read('say \\"hi\\" \\u00e9')).toBe('say "hi" é')
    expect(read('\\ud83d\\udee9')).toBe('🛩')
    expect(read('\\ud800')).toBe('\ud800')
  })

  it('is not sure of what is no text, and of what may stand for it', () => {
    expect(read('\\x')).toBeNull()
    expect(read('\\u12')).toBeNull()
    expect(read(Uint8Array.of(0xc0, 0xaf))).toBeNull()
    expect(read(Uint8Array.of(0xed, 0xa0, 0x80))).toBeNull()
    expect(read('\ufffd')).toBeNull()
    expect(read('\\ufffd')).toBeNull()
  })

  it('keeps thousands of texts apart, of every length, seen again or not', () => {
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 10_000; index++) {
        const text = `category ${index}`.padEnd(9 + (index % 40), '.')
        expect(read(text, true)).toBe(text)
      }
    }
  })

  it('tells texts apart that differ by one byte only, the last one too', () => {
    for (const length of [1, 2, 3, 4, 5, 7, 8, 31, 32, 33]) {
      const text = 'a'.repeat(length)
      expect(read(text, true)).toBe(text)
      for (let place = 0; place < length; place++) {
        const other = `${text.slice(0, place)}b${text.slice(place + 1)}`
        expect(read(other, true)).toBe(other)
      }
      expect(read(text, true)).toBe(text)
    }
  })
})
