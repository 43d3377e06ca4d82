import { deserialize, serialize } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { RowSample } from '../../../src/sketches/reference-sample.ts'
import { portableCopy, revivedCopy } from '../../../src/steps/portable-state.ts'

const there = (value: unknown) => revivedCopy(deserialize(serialize(portableCopy(value))))

describe('portable data', () => {
  it('comes back as it was, numbers that JSON loses too', () => {
    const value = {
      numbers: [Number.NaN, -0, Number.POSITIVE_INFINITY, 2 ** 53],
      map: new Map<unknown, unknown>([
        ['__proto__', { constructor: 1 }],
        [7, new Set(['a'])],
      ]),
      arrays: [new Float64Array([1.5]), new Uint8Array([1, 2, 3]), new Int32Array([-1])],
      nothing: [null, undefined],
    }
    expect(there(value)).toStrictEqual(value)
  })

  it('shares within itself what was shared, and nothing with what was copied', () => {
    const counts = new Uint32Array([1])
    const inner = { counts }
    const copy = there({ one: inner, two: inner, counts }) as Record<'one' | 'two', typeof inner> & {
      counts: Uint32Array
    }
    expect(copy.one).toBe(copy.two)
    expect(copy.one.counts).toBe(copy.counts)
    copy.counts[0] = 2
    expect(counts[0]).toBe(1)
  })

  it('keeps a field called __proto__ a field', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}')
    const copy = portableCopy(value) as object
    expect(Object.keys(copy)).toEqual(['__proto__'])
    expect((copy as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('knows samples of rows, what they hold and what they would still take', () => {
    const sample = new RowSample(2)
    for (const rank of [5, 3, 9, 4]) sample.add({ rank, values: [rank], prediction: null })
    const copy = there({ sample }) as { sample: RowSample }
    expect(copy.sample).toBeInstanceOf(RowSample)
    expect(copy.sample.contents()).toEqual(sample.contents())
    expect(copy.sample.rows()).toEqual(sample.rows())
  })

  it('refuses what is no data, by its path', () => {
    expect(() => portableCopy({ a: [{ b: () => {} }] })).toThrow(
      'state.a.0.b: expected plain data, got function',
    )
    expect(() => portableCopy({ a: new Map([['m', new Date(0)]]) })).toThrow(
      'state.a.m: expected plain data, got an instance of Date',
    )
  })
})
