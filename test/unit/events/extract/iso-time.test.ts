import { describe, expect, it } from 'vitest'
import { IsoTimeReader } from '../../../../src/events/extract/iso-time.ts'
import { RecordBytes } from '../../../../src/events/extract/record-bytes.ts'
import { epochMs } from '../../../../src/events/fields.ts'

const record = new RecordBytes()
const times = new IsoTimeReader(record)

function read(text: string): number {
  record.load(Buffer.from(`"${text}"`))
  return times.read(1, 1 + text.length)
}

describe('IsoTimeReader', () => {
  it.each([
    '2001-01-29T06:15:00Z',
    '2001-01-29T06:15:59.9Z',
    '2001-01-29T06:15:00.12Z',
    '2001-01-29T06:15:00.123456Z',
    '2001-01-29T06:15:00.123456789Z',
    '2001-01-29T06:15:00.000999999Z',
    '2001-01-29T07:15:00+01:00',
    '2001-01-29T06:15:00-00:00',
    '2001-01-29T06:15:00.5-23:59',
    '2001-01-29T06:15:00+23:59',
    '2024-02-29T23:59:59Z',
    '0000-01-01T00:00:00Z',
    '0001-12-31T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '1969-12-31T23:59:59.999Z',
    '1970-01-01T00:00:00Z',
  ])('reads %s as the schema does', (text) => {
    expect(read(text)).toBe(epochMs.parse(text))
    expect(read(text)).toBe(epochMs.parse(text))
  })

  it.each([
    '',
    'yesterday',
    '2001-01-29',
    '2001-01-29T06:15Z',
    '2001-01-29T06:15:00',
    '2001-01-29T06:15:60Z',
    '2001-01-29T24:00:00Z',
    '2001-02-29T06:15:00Z',
    '1900-02-29T06:15:00Z',
    '2001-13-01T06:15:00Z',
    '2001-01-32T06:15:00Z',
    '2001-01-29 06:15:00Z',
    '2001-01-29t06:15:00Z',
    '2001-01-29T06:15:00z',
    '2001-01-29T06:15:00.Z',
    '2001-01-29T06:15:00,5Z',
    '2001-01-29T06:15:00+0100',
    '2001-01-29T06:15:00+24:00',
    '2001-01-29T06:15:00+01:60',
    '2001-01-29T06:15:00+01',
    '2001-01-29T06:15:00ZZ',
    '2001-01-29T06:15:0xZ',
    '+02001-01-29T06:15:00Z',
    '2001-01-29T06:15:00.0000000008Z',
  ])('leaves %j to the schema', (text) => {
    expect(read(text)).toBeNaN()
  })

  it('agrees with the schema on every second of a leap day, minute after minute and back', () => {
    for (let second = 0; second < 86_400; second += 61) {
      for (const ms of [Date.UTC(2024, 1, 29) + second * 1000, Date.UTC(2000, 11, 31) - second * 1000]) {
        expect(read(new Date(ms).toISOString())).toBe(ms)
      }
    }
  })
})
