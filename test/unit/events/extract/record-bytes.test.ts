import { describe, expect, it } from 'vitest'
import { RECORD_BYTES_MAX, RecordBytes } from '../../../../src/events/extract/record-bytes.ts'

describe('RecordBytes', () => {
  it('ends each record with a zero, so that a longer one before it does not show', () => {
    const record = new RecordBytes()
    expect(record.load(Buffer.from('{"a":12345}'))).toBe(true)
    expect(record.load(Buffer.from('{"a":1'))).toBe(true)
    expect(record.length).toBe(6)
    expect(record.bytes.subarray(0, 7).toString('latin1')).toBe('{"a":1\0')
  })

  it('takes records up to its size', () => {
    const record = new RecordBytes()
    expect(record.load(Buffer.alloc(RECORD_BYTES_MAX, 0x20))).toBe(true)
    expect(record.bytes[RECORD_BYTES_MAX]).toBe(0)
    expect(record.load(Buffer.alloc(RECORD_BYTES_MAX + 1, 0x20))).toBe(false)
  })

  it('takes any byte array', () => {
    const record = new RecordBytes()
    record.load(Uint8Array.of(0x7b, 0x7d))
    expect(record.bytes.toString('latin1', 0, 2)).toBe('{}')
  })
})
