import { describe, expect, it } from 'vitest'
import type { Headers } from '../../../src/events/headers.ts'
import type { LogRecord } from '../../../src/log/port.ts'
import { deadLetter } from '../../../src/producers/dead-letter.ts'
import { placeOf, readDeadLetter } from '../../../src/producers/read-dead-letter.ts'

const record: LogRecord = {
  offset: 2 ** 40,
  timestamp: Date.UTC(2027, 0, 1),
  key: Buffer.from('key'),
  value: Buffer.from([0xff, 0x00, 0x22]),
  headers: { trace: ['one', 'two'], constructor: 'kept' },
}
const source = { topic: 'features', partition: 7 }
const why = { code: 'EVENT_INVALID', message: 'expected this, got that', stage: 'observer' } as const

function letterOf(style: 'connect' | 'spring') {
  return deadLetter(record, source, why, { topic: 'dead', partition: 1 }, 5_000, style)
}

/** As it stands on the dead-letter topic. */
function read(headers: Headers) {
  const { key, value } = record
  return readDeadLetter({ offset: 3, timestamp: 5_000, key, value, headers }, { topic: 'dead', partition: 1 })
}

describe('a dead letter', () => {
  it.each(['connect', 'spring'] as const)('comes back as it was, headed as %s does', (style) => {
    const written = letterOf(style)
    expect([written.key, written.value]).toEqual([record.key, record.value])
    const letter = read(written.headers!)
    expect(letter).toEqual({
      partition: 1,
      offset: 3,
      refusedAt: 5_000,
      source: { ...source, offset: 2 ** 40 },
      code: why.code,
      message: why.message,
      stage: 'observer',
      key: record.key,
      value: record.value,
      headers: record.headers,
    })
    expect(placeOf(letter!)).toBe('1/3')
  })

  it('has numbers as Java writes them in the headers of Spring', () => {
    const { headers = {} } = letterOf('spring')
    expect(headers['kafka_dlt-original-partition']).toEqual(Buffer.from([0, 0, 0, 7]))
    expect(headers['kafka_dlt-original-offset']).toEqual(Buffer.from([0, 0, 1, 0, 0, 0, 0, 0]))
    expect(headers['kafka_dlt-original-topic']).toBe('features')
  })

  it('is none where the record does not say where it stood', () => {
    expect(read({})).toBeNull()
    expect(read({ '__connect.errors.topic': 'features' })).toBeNull()
    const { headers = {} } = letterOf('connect')
    expect(read({ ...headers, '__connect.errors.offset': '-1' })).toBeNull()
    expect(read({ ...letterOf('spring').headers, 'kafka_dlt-original-offset': 'soon' })).toBeNull()
  })
})
