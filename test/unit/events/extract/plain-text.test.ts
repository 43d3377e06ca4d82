import { describe, expect, it } from 'vitest'
import { codedTextEnd, plainTextEnd } from '../../../../src/events/extract/plain-text.ts'

const LENGTH = 12

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

describe('plainTextEnd', () => {
  it('stops at every byte that is not plain text and at no other, wherever it stands', () => {
    for (let byte = 0; byte < 256; byte++) {
      const isPlain = byte >= 0x20 && byte < 0x80 && byte !== 0x22 && byte !== 0x5c
      for (let place = 0; place < LENGTH; place++) {
        // What stands behind must not matter: borrows run towards it.
        for (const filler of [0x20, 0x21, 0x23, 0x7f]) {
          const bytes = new Uint8Array(LENGTH + 8).fill(filler, 0, LENGTH)
          bytes[place] = byte
          expect(plainTextEnd(viewOf(bytes), 0)).toBe(isPlain ? LENGTH : place)
        }
      }
    }
  })

  it('begins where it is told', () => {
    expect(plainTextEnd(viewOf(Buffer.from('""ab"    ')), 2)).toBe(4)
  })
})

describe('codedTextEnd', () => {
  it.each([
    ['a"', 1],
    ['\\""', 2],
    ['\\\\"', 2],
    ['\\u0022"', 6],
    ['é"', 2],
    ['a\n"', -1],
    ['\\\n"', -1],
    ['a', -1],
    ['\\', -1],
  ])('%j ends at %d', (text, end) => {
    expect(codedTextEnd(Buffer.from(`${text}\0"`), 0)).toBe(end)
  })
})
