import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesField,
  fieldsOf,
  integersOf,
  numberField,
  textOf,
} from '../../../../../src/retraining/trainers/onnx/protobuf.ts'
import { readGraph } from '../../../../../src/retraining/trainers/onnx/read-graph.ts'
import { ONNX_DIRECTORY } from '../../../../support/golden-onnx.ts'

const model = (name: string) => readFileSync(join(ONNX_DIRECTORY, `${name}.onnx`))

describe('a message of protobuf', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.string(), fc.nat())), (fields) => {
        const message = Buffer.concat(
          fields.flatMap(([number, text, value]) => [
            bytesField(number, Buffer.from(text)),
            numberField(number, value),
          ]),
        )
        const read = [...fieldsOf(message)]
        expect(read.map((field) => (typeof field.value === 'bigint' ? field.value : textOf(field)))).toEqual(
          fields.flatMap(([, text, value]) => [text.toWellFormed(), BigInt(value)]),
        )
        expect(read.map(({ number }) => number)).toEqual(fields.flatMap(([number]) => [number, number]))
        expect(Buffer.concat(read.map(({ bytes }) => bytes))).toEqual(message)
      }),
    )
  })

  it('has whole numbers of either sign, one by one or packed', () => {
    // Field 8: 150 by itself; 3, 270 and 86942 packed, as the encoding's own page has them; and -1.
    const message = Uint8Array.from([
      0x40, 0x96, 0x01, 0x42, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05, 0x40, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0x01,
    ])
    expect([...fieldsOf(message)].map(integersOf)).toEqual([[150n], [3n, 270n, 86942n], [-1n]])
  })

  it('of any bytes is read or refused, and never runs past its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          expect([...fieldsOf(bytes)].reduce((sum, field) => sum + field.bytes.length, 0)).toBe(bytes.length)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})

describe('a graph', () => {
  it('names the classes of its scores', () => {
    const classes = ['matrix', 'imputed', 'forest', 'regression'].map(
      (name) => readGraph(model(name)).classes,
    )
    expect(classes).toEqual([['0', '1'], ['no', 'yes'], ['10', '20', '30'], null])
  })

  it('without a map stays as it is, byte by byte', () => {
    expect(Buffer.from(readGraph(model('matrix')).model).equals(model('matrix'))).toBe(true)
  })

  it('gives the matrix in place of the maps, once', () => {
    const before = model('zipmap')
    expect(before.includes('ZipMap')).toBe(true)
    const after = readGraph(before)
    expect(Buffer.from(after.model).includes('ZipMap')).toBe(false)
    expect(after.classes).toEqual(['0', '1'])
    expect(readGraph(after.model).model).toBe(after.model)
  })

  it('that is none is refused', () => {
    expect(() => readGraph(new Uint8Array())).toThrow('expected a graph, got none')
    expect(() => readGraph(model('matrix').subarray(0, 100))).toThrow(RangeError)
  })
})
