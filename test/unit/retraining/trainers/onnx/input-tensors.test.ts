import type { ValueMetadata } from 'onnxruntime-web/wasm'
import { describe, expect, it } from 'vitest'
import {
  batchSize,
  columnsOf,
  type InputPlan,
  planInputs,
} from '../../../../../src/retraining/trainers/onnx/input-tensors.ts'

const FREE = 2 ** 32 - 1
const input = (name: string, shape: ValueMetadata['shape'], type = 'float32'): ValueMetadata => ({
  name,
  isTensor: true,
  type,
  ...(shape && { shape }),
})
const features = ['a', 'b', '__proto__']
const settings = { features, categorical: ['b'], inputs: null }

describe('what an input is fed with', () => {
  it('by its name, by the settings, or all where it is the only one', () => {
    const plansOf = (inputs: readonly ValueMetadata[], given: [string, string[]][] | null = null) =>
      planInputs(inputs, { ...settings, inputs: given }).map(({ name, features, rank }) => [
        name,
        features,
        rank,
      ])
    expect(plansOf([input('X', ['N', 3])])).toEqual([['X', features, 2]])
    expect(plansOf([input('X', [FREE, FREE])])).toEqual([['X', features, 2]])
    expect(plansOf([input('b', [FREE, 1])])).toEqual([['b', ['b'], 2]])
    expect(plansOf([input('b', [FREE]), input('__proto__', [FREE, 1])])).toEqual([
      ['b', ['b'], 1],
      ['__proto__', ['__proto__'], 2],
    ])
    expect(plansOf([input('b', [FREE, 2]), input('a', [FREE, 1])], [['b', ['a', '__proto__']]])).toEqual([
      ['b', ['a', '__proto__'], 2],
      ['a', ['a'], 2],
    ])
  })

  it.each([
    [[input('X', [FREE, 3, 1])], 'has 3 dimensions'],
    [[input('X', [FREE, 3], 'float16')], 'it is of float16'],
    [[{ name: 'X', isTensor: false }], 'it is of no tensor'],
    [[input('X', [FREE])], 'expected 1 features for the input X, got 3 (a, b, __proto__)'],
    [[input('a', [FREE, 1]), input('toString', [FREE, 1])], 'expected the input toString to have the name'],
  ])('%j is refused: %s', (inputs, said) => {
    expect(() => planInputs(inputs, settings)).toThrow(said)
  })

  it('as many rows at once as its inputs take', () => {
    expect(batchSize([input('a', [FREE, 1]), input('b', ['N'])])).toBeNull()
    expect(batchSize([input('a', [FREE, 1]), input('b', [8, 1])])).toBe(8)
  })
})

describe('the values of an input', () => {
  const rows = [
    { id: 'r1', at: 0, features: { a: 1.5, b: 'red', c: true } },
    { id: 'r2', at: 0, features: { a: 'broken', b: null, c: false } },
    { id: 'r3', at: 0, features: {} },
  ]
  const plan = (type: InputPlan['type'], ...columns: string[]): InputPlan => ({
    name: 'X',
    type,
    features: columns,
    categorical: ['b'],
    rank: 2,
  })

  it('are numbers row by row, NaN where there is none', () => {
    for (const type of ['float32', 'float64'] as const) {
      expect([...columnsOf(rows, plan(type, 'c', 'a', 'toString'))]).toEqual([
        ...[1, 1.5, Number.NaN],
        ...[0, Number.NaN, Number.NaN],
        ...[Number.NaN, Number.NaN, Number.NaN],
      ])
    }
  })

  it('are texts, empty where there is none', () => {
    expect(columnsOf(rows, plan('string', 'b', 'a', 'c'))).toEqual([
      ...['red', '1.5', 'true'],
      ...['', 'broken', 'false'],
      ...['', '', ''],
    ])
  })

  it('are whole numbers, and nothing else', () => {
    expect(columnsOf(rows.slice(0, 2), plan('int64', 'c'))).toEqual(BigInt64Array.of(1n, 0n))
    expect(columnsOf(rows.slice(0, 2), plan('int32', 'c'))).toEqual(Int32Array.of(1, 0))
    expect(columnsOf(rows.slice(0, 2), plan('bool', 'c'))).toEqual(Uint8Array.of(1, 0))
    expect(() => columnsOf(rows, plan('int64', 'c'))).toThrow('expected a whole number of c in r3')
    expect(() => columnsOf(rows, plan('int32', 'a'))).toThrow('which is of int32, got 1.5')
  })

  it('of a category are no numbers when they are texts', () => {
    expect(() => columnsOf(rows, plan('float32', 'a', 'b'))).toThrow('got "red", the b of r1')
    expect(() => columnsOf(rows.slice(1), plan('float32', 'a', 'b'))).not.toThrow()
  })
})
