import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellValue } from '../../../src/files/csv-cell.ts'
import { CsvRecord } from '../../../src/files/csv-record.ts'

const cells = fc.oneof(
  fc.double().map(String),
  fc.integer().map(String),
  fc.constantFrom(
    '',
    '007',
    '-0',
    '+5',
    '.5',
    '5.',
    '1e5',
    '1e999',
    '12345678901234567890',
    '0.12345678901234567',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/[",\p{Cc}]/gu, '')),
)

describe('a line of CSV', () => {
  it('says of every cell what its text says', () => {
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 12 }), fc.boolean(), (texts, hasReturn) => {
        const record = new CsvRecord(texts.length)
        // A line of one empty cell is an empty line, which is no row.
        const line = Buffer.from(`${texts.join(',')}${hasReturn ? '\r' : ''}`)
        expect(record.load(line)).toBe(texts.length)
        expect(texts.map((_, column) => record.value(column))).toEqual(texts.map(cellValue))
        expect(texts.map((_, column) => record.text(column))).toEqual(texts)
        expect(texts.map((_, column) => record.textOnce(column))).toEqual(texts)
      }),
      { numRuns: 2_000 },
    )
  })

  it('counts cells that are missing or too many', () => {
    const record = new CsvRecord(3)
    expect(record.load(Buffer.from('1,2'))).toBe(2)
    expect(record.load(Buffer.from('1,2,3,4'))).toBe(4)
    expect(record.load(Buffer.from('1,2,3,4,5'))).toBe(4)
    expect(record.load(Buffer.alloc(70_000, '1'))).toBe(-1)
  })

  it('reads times as numbers and as ISO 8601 with a zone, and leaves others to the schema', () => {
    const record = new CsvRecord(4)
    record.load(Buffer.from('2001-03-12T02:00:00Z,2001-03-12T02:00:00+02:00,984362400000,12 March'))
    expect([0, 1, 2, 3].map((column) => record.time(column))).toEqual([
      Date.UTC(2001, 2, 12, 2),
      Date.UTC(2001, 2, 12, 0),
      984_362_400_000,
      Number.NaN,
    ])
  })
})
