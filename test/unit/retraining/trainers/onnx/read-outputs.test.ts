import type { Tensor, ValueMetadata } from 'onnxruntime-web/wasm'
import { describe, expect, it } from 'vitest'
import { planOutputs, readOutputs } from '../../../../../src/retraining/trainers/onnx/read-outputs.ts'

const output = (name: string, type?: string): ValueMetadata =>
  type === undefined ? { name, isTensor: false } : { name, isTensor: true, type }
const tensor = (data: Tensor['data'], ...dims: number[]): Tensor => ({
  ...{ type: '', data, dims },
  dispose() {},
})
const none = { label: null, scores: null }
const binary = { task: 'binary', positiveLabel: '1', classes: null, outputs: none } as const
const kinds = { ...binary, task: 'multiclass' as const, classes: ['a', 'b', 'c'] }
const SCORES = { label: null, scores: 's' }

describe('which outputs are read', () => {
  it.each([
    [binary, [output('l', 'int64'), output('p', 'float32')], { label: 'l', scores: 'p' }],
    [binary, [output('p', 'float64')], { label: null, scores: 'p' }],
    [binary, [output('l', 'string'), output('maps')], { label: 'l', scores: null }],
    [{ ...binary, task: 'regression' as const }, [output('y', 'float32')], { label: 'y', scores: null }],
    [
      { ...binary, outputs: { label: 'x', scores: null } },
      [output('x', 'float32'), output('p', 'float32')],
      { label: 'x', scores: 'p' },
    ],
  ])('%j of %j: %j', (settings, outputs, expected) => {
    expect(planOutputs(outputs, settings)).toEqual(expected)
  })

  it.each([
    [binary, [output('a', 'float32'), output('b', 'float32')], 'expected one output of scores'],
    [binary, [output('a', 'int64'), output('b', 'int64')], 'expected one output of labels'],
    [{ ...binary, task: 'regression' as const }, [output('a', 'int64'), output('b', 'float32')], 'of labels'],
    [binary, [output('maps')], 'expected an output of labels or scores, the model has maps (no tensor)'],
  ])('%j of %j is refused: %s', (settings, outputs, said) => {
    expect(() => planOutputs(outputs, settings)).toThrow(said)
  })
})

describe('what a model answers', () => {
  it('with one column: the probability of the positive label, half is enough', () => {
    const s = tensor(Float32Array.of(0.25, 0.5, 1.000001), 3, 1)
    expect(readOutputs(['a', 'b', 'c'], { s }, SCORES, binary)).toEqual([
      { id: 'a', prediction: '0', score: 0.25 },
      { id: 'b', prediction: '1', score: 0.5 },
      { id: 'c', prediction: '1', score: 1 },
    ])
    const turned = { ...binary, positiveLabel: '0' }
    expect(readOutputs(['a', 'b', 'c'], { s }, SCORES, turned)[0]).toEqual({
      id: 'a',
      prediction: '1',
      score: 0.25,
    })
  })

  it('of several classes: the likeliest, where there is no label', () => {
    const s = tensor(Float64Array.of(0.2, 0.5, 0.3, 0.7, 0.1, 0.2), 2, 3)
    expect(readOutputs(['x', 'y'], { s }, SCORES, kinds)).toEqual([
      { id: 'x', prediction: 'b' },
      { id: 'y', prediction: 'a' },
    ])
  })

  it('without a number, or for a row of nobody, is not told', () => {
    const s = tensor(Float32Array.of(Number.NaN, 0.5, 0.9), 3)
    expect(readOutputs(['a', 'b', null], { s }, SCORES, binary)).toEqual([
      { id: 'b', prediction: '1', score: 0.5 },
    ])
    const y = tensor(Float64Array.of(Number.POSITIVE_INFINITY, 2, 3), 3, 1)
    const plan = { label: 'y', scores: null }
    expect(readOutputs(['a', 'b', null], { y }, plan, { ...binary, task: 'regression' })).toEqual([
      { id: 'b', prediction: 2 },
    ])
  })

  it.each([
    [tensor(Float32Array.of(0.1, 0.9), 2, 1), binary, 'expected 3 rows in the output s, got the shape 2 x 1'],
    [tensor(new Float32Array(12), 3, 2, 2), binary, 'got the shape 3 x 2 x 2'],
    [tensor(Float32Array.of(0.1, -0.2, 1), 3), binary, 'expected probabilities in the output s, got -0.2'],
    [
      tensor(new Float32Array(6), 3, 2),
      { ...binary, positiveLabel: 'yes' },
      'expected the names of the classes',
    ],
    [tensor(new Float32Array(9), 3, 3), binary, 'expected the names of the classes'],
    [
      tensor(new Float32Array(6), 3, 2),
      kinds,
      'expected scores of the classes a, b, c, the output of scores has 2',
    ],
  ])('%j is refused', (s, settings, said) => {
    expect(() => readOutputs(['a', 'b', 'c'], { s }, SCORES, settings)).toThrow(said)
  })
})
