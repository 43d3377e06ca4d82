import { describe, expect, it } from 'vitest'
import { checkConfig, parseConfig } from '../../../src/config/load-config.ts'

const withPredictor = (predictor: string, more = '') => `
kafka: { brokers: [localhost:9092] }
models:
  flights:
    version: 1
    task: binary
    positiveLabel: late
    features: { distance: numeric, __proto__: numeric, carrier: categorical }
    retraining: { ${more} predictor: ${predictor} }
`

const faultsOf = (predictor: string) => {
  const result = checkConfig(withPredictor(predictor))
  return 'faults' in result ? result.faults : []
}

describe('a predictor', () => {
  it('that is an ONNX model is told of the model it stands for', () => {
    const trainer = 'trainer: { command: [train], workingDirectory: /srv/train },'
    const [bare, placed] = ['', trainer].map(
      (more) =>
        parseConfig(withPredictor('{ onnx: {}, timeLimit: 5m }', more)).models.get('flights')!.predictor,
    )
    expect(bare).toEqual({
      kind: 'onnx',
      timeLimitMs: 300_000,
      settings: {
        task: 'binary',
        positiveLabel: 'late',
        features: ['distance', '__proto__', 'carrier'],
        categorical: ['carrier'],
        directory: '.',
        file: null,
        inputs: null,
        outputs: { label: null, scores: null },
        classes: null,
      },
    })
    expect(placed).toMatchObject({ settings: { directory: '/srv/train' } })
  })

  it('may be told what goes where', () => {
    const onnx = `{ onnx: { file: model.onnx, inputs: { X: [distance, __proto__], __proto__: [carrier] }, outputs: { scores: p }, classes: [on time, late] } }`
    expect(parseConfig(withPredictor(onnx)).models.get('flights')!.predictor).toMatchObject({
      settings: {
        file: 'model.onnx',
        inputs: [
          ['X', ['distance', '__proto__']],
          ['__proto__', ['carrier']],
        ],
        outputs: { label: null, scores: 'p' },
        classes: ['on time', 'late'],
      },
    })
  })

  it.each([
    ['{ timeLimit: 5m }', 'one of command, url, onnx', '{"timeLimit":"5m"}'],
    ['{ command: [p], onnx: {} }', 'one of command, url, onnx', '{"command":["p"],"onnx":{}}'],
    ['{ onnx: { inputs: { X: [distance, weight] } } }', 'features of this model', '"weight"'],
    ['{ onnx: { inputs: { X: [toString] } } }', 'features of this model', '"toString"'],
    ['{ onnx: true }', 'a section of file, inputs, outputs, classes; {} where none is needed', 'true'],
    ['{ onnx: { model: a } }', 'one of file, inputs, outputs, classes', 'the unknown key "model"'],
    ['{ onnx: { classes: [] } }', 'a list of classes, in the order of the scores', '[]'],
  ])('%s: expected %s', (predictor, expected, got) => {
    expect(faultsOf(predictor)).toEqual([expect.objectContaining({ expected, got })])
  })
})
