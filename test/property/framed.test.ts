import { isDeepStrictEqual } from 'node:util'
import avsc from 'avsc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { compileAvro } from '../../src/events/framed/avro.ts'
import { anyAvro } from '../support/avro-shapes.ts'

function codeOf(read: () => unknown): unknown {
  try {
    return { read: read() }
  } catch (error) {
    return error instanceof DriftstreamError ? error.code : error
  }
}

describe('Avro of another implementation', () => {
  it('is read as the value that was written, of every kind of schema', () => {
    const property = fc.property(anyAvro(3), ({ schema, values }) => {
      const other = avsc.Type.forSchema(JSON.parse(schema), { wrapUnions: true })
      const read = compileAvro(schema, [])
      for (const value of values) {
        // The runner's own comparison stumbles over a key that is called constructor.
        expect(isDeepStrictEqual(read(other.toBuffer(value.written)), value.read)).toBe(true)
      }
    })
    fc.assert(property, { numRuns: 4_000 })
  })

  it('is refused when a byte of it is missing at the end, or one is too many', () => {
    const property = fc.property(anyAvro(1), fc.nat(), ({ schema, values }, chance) => {
      const other = avsc.Type.forSchema(JSON.parse(schema), { wrapUnions: true })
      const read = compileAvro(schema, [])
      const bytes = other.toBuffer(values[0]!.written)
      expect(codeOf(() => read(Buffer.concat([bytes, Buffer.from([0])])))).toBe('EVENT_UNDECODABLE')
      if (bytes.length === 0) return
      const cut = bytes.subarray(0, chance % bytes.length)
      expect(codeOf(() => read(cut))).toBe('EVENT_UNDECODABLE')
    })
    fc.assert(property, { numRuns: 2_000 })
  })
})
