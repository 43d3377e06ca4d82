import { describe, expect, it } from 'vitest'
import { readAnyNumber } from '../../../../src/events/extract/read-any-number.ts'
import { readLongNumber } from '../../../../src/events/extract/read-long-number.ts'
import { readNumber } from '../../../../src/events/extract/read-number.ts'
import { createDraw } from '../../../support/draw.ts'
import { spellNumber } from '../../../support/json-spellings.ts'

type Reader = (bytes: Buffer, view: DataView, numbers: Float64Array) => number

const READERS: readonly (readonly [name: string, read: Reader])[] = [
  ['readNumber', (bytes, view, numbers) => readNumber(bytes, view, 1, numbers, 0)],
  ['readLongNumber', (bytes, view, numbers) => readLongNumber(bytes, view, 1, numbers, 0)],
  ['readAnyNumber', (bytes, _, numbers) => readAnyNumber(bytes, 1, numbers, 0)],
]

/** What a reader makes of a text between a byte before it and what may follow a number. */
function outcome(read: Reader, text: string, behind: string): { value: number; length: number } | 'none' {
  const bytes = Buffer.alloc(text.length + 40)
  bytes.write(`:${text}${behind}`, 'latin1')
  const numbers = new Float64Array(1)
  const end = read(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), numbers)
  return end < 0 ? 'none' : { value: numbers[0]!, length: end - 1 }
}

/** The longest beginning of a text that JSON has as a number: what a reader may stop behind. */
function jsonNumber(text: string): { value: number; length: number } | 'none' {
  const [number] = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(text) ?? []
  return number === undefined ? 'none' : { value: JSON.parse(number) as number, length: number.length }
}

describe.each(READERS)('%s', (_, read) => {
  it.each([
    '0',
    '-0',
    '0.0',
    '-0.0',
    '0e9',
    '-0e-9',
    '7',
    '-7',
    '10',
    '123456789',
    '1234567890',
    '-1234567890123',
    '999999999999999',
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '9007199254740995',
    '12345678901234567890',
    '0.1',
    '-0.5',
    '3.14159',
    '0.30000000000000004',
    '0.6394267984578837',
    '-1.7976931348623157e308',
    '5e-324',
    '1e22',
    '1e23',
    '1E5',
    '1e+5',
    '1e-7',
    '1.5e-7',
    '1e999',
    '-1e999',
    '1e00000000000000001',
    '123456.123456789',
    '12345.12345678',
    '0.000000000000000000000000000001',
    // The middle between two doubles, and the decimals beside it.
    '4503599627370496.5',
    '4503599627370497.5',
    '1125899906842624.125',
    '1125899906842624.124',
    '1125899906842624.126',
  ])('reads %s to the last bit', (text) => {
    for (const behind of [',', '}', ' ', '\n', ']']) {
      const result = outcome(read, text, behind)
      expect(result).toEqual({ value: JSON.parse(text), length: text.length })
    }
  }) // toEqual tells 0 and -0 apart.

  it.each([
    '',
    '-',
    '+1',
    '.5',
    '-.5',
    '1.',
    '-1.',
    '1.e5',
    '1e',
    '1e+',
    '01',
    '-01',
    '00.5',
    'x',
    '"1"',
    'e5',
  ])('finds no number in "%s"', (text) => {
    expect(outcome(read, text, ',')).toBe('none')
  })

  it('stops where the number ends', () => {
    expect(outcome(read, '1.5.5', ',')).toEqual({ value: 1.5, length: 3 })
    expect(outcome(read, '1-2', ',')).toEqual({ value: 1, length: 1 })
    expect(outcome(read, '0x10', ',')).toEqual({ value: 0, length: 1 })
  })

  it('agrees with JSON.parse on numbers however they are spelled', () => {
    const draw = createDraw(17)
    for (let run = 0; run < 30_000; run++) {
      const text = spellNumber(draw)
      const expected = jsonNumber(text)
      const actual = outcome(read, text, draw.of([',', '}', ' ']))
      // A reader may refuse a text whose beginning only is a number; it may not read it otherwise.
      if (actual === 'none' && (expected === 'none' || expected.length < text.length)) continue
      expect(actual, text).toEqual(expected)
    }
    expect.hasAssertions()
  })
})
