import { describe, expect, it } from 'vitest'
import { offsetOf, toMessage } from '../../../../src/log/kafkajs/client-records.ts'

const place = { topic: 't', partition: 3, timestamp: 981_500_000_000 }

describe('toMessage', () => {
  it('hands the client buffers over the same memory: it writes other byte arrays as text', () => {
    const memory = Uint8Array.from([9, 1, 2, 3, 9])
    const value = memory.subarray(1, 4)
    const { message } = toMessage({ ...place, key: value, value, headers: { raw: value, text: 'é' } })
    for (const bytes of [message.key, message.value, message.headers!.raw]) {
      expect(Buffer.isBuffer(bytes)).toBe(true)
      expect([...(bytes as Buffer)]).toEqual([1, 2, 3])
      expect((bytes as Buffer).buffer).toBe(memory.buffer)
    }
    expect(message.headers!.text).toEqual(Buffer.from('é'))
    expect(message).toMatchObject({ partition: 3, timestamp: '981500000000' })
  })

  it('keeps null null, leaves undefined headers out, and takes any name for a name', () => {
    const headers = { absent: undefined, several: ['a', 'b'], ['__proto__']: 'p' }
    const { message } = toMessage({ ...place, key: null, value: null, headers })
    expect([message.key, message.value]).toEqual([null, null])
    expect(Object.keys(message.headers!).sort()).toEqual(['__proto__', 'several'])
    expect(message.headers!.several).toEqual([Buffer.from('a'), Buffer.from('b')])
  })

  it('counts at least the bytes of everything', () => {
    const { size } = toMessage({
      ...place,
      key: Buffer.alloc(10),
      value: Buffer.alloc(100),
      headers: { name: Buffer.alloc(1_000), several: [Buffer.alloc(5_000), Buffer.alloc(5_000)] },
    })
    expect(size).toBeGreaterThan(11_110)
    expect(size).toBeLessThan(11_400)
  })
})

describe('offsetOf', () => {
  it('refuses offsets that a number cannot hold', () => {
    expect(offsetOf('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => offsetOf('9007199254740993')).toThrow(expect.objectContaining({ code: 'STATE_IMPOSSIBLE' }))
  })
})
