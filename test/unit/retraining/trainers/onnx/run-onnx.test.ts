import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TrainingRow } from '../../../../../src/events/training-row.ts'
import { expectOnnxRuntime } from '../../../../../src/retraining/trainers/onnx/run-onnx.ts'
import type { OnnxSettings } from '../../../../../src/retraining/trainers/onnx/settings.ts'
import { predictHoldout } from '../../../../../src/retraining/trainers/predictor.ts'
import { readPredictions } from '../../../../../src/retraining/trainers/read-delivery.ts'
import { ONNX_CASES, ONNX_DIRECTORY, onnxSettingsOf } from '../../../../support/golden-onnx.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftstream-onnx-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function predictionsOf(
  artifact: string,
  rows: readonly TrainingRow[],
  settings: OnnxSettings,
  timeLimitMs = 60_000,
) {
  const { signal } = new AbortController()
  const files = { holdoutPath: join(folder, 'rows.jsonl'), resultPath: join(folder, 'result') }
  writeFileSync(files.holdoutPath, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const path = await predictHoldout({ kind: 'onnx', settings, timeLimitMs }, files, artifact, signal)
  return await readPredictions(path, files, signal)
}

const golden = (name: string) => ONNX_CASES.find((each) => each.name === name)!
const failing = (name: string, artifact: string, changes: Partial<OnnxSettings> = {}) =>
  predictionsOf(artifact, golden(name).rows, { ...onnxSettingsOf(name), ...changes })

/** One input apart, where the artifact alone does not say which output is meant. */
const NAMED: Readonly<Record<string, Partial<OnnxSettings>>> = {
  'per-class': { outputs: { label: null, scores: 'i1' } },
}

describe('an ONNX model', () => {
  it.each(ONNX_CASES.map(({ name }) => name))('%s says what it says in Python', async (name) => {
    const { rows, predictions } = golden(name)
    const said = await predictionsOf(`${name}.onnx`, rows, { ...onnxSettingsOf(name), ...NAMED[name] })
    const expected = predictions.filter(({ prediction, score }) => prediction !== null && score !== null)
    expect(said.map(({ id, prediction }) => ({ id, prediction }))).toEqual(
      expected.map(({ id, prediction }) => ({
        id,
        prediction: typeof prediction === 'number' ? expect.closeTo(prediction, 6) : prediction,
      })),
    )
    for (const [at, { score }] of expected.entries()) {
      if (score === undefined) expect(said[at]).not.toHaveProperty('score')
      else expect(said[at]!.score).toBeCloseTo(score!, 5)
    }
    expect(said.length).toBeGreaterThan(30)
    // Nothing but the rows and their predictions is left behind.
    expect(readdirSync(folder).sort()).toEqual(['result.predictions.jsonl', 'rows.jsonl'])
  })

  it('answers more rows than it takes at once, each with its own', async () => {
    const { rows } = golden('matrix')
    const many = Array.from({ length: 5000 }, (_, at) => ({ ...rows[(at % 3) + 4]!, id: `many${at}` }))
    const said = await predictionsOf('matrix.onnx', many, onnxSettingsOf('matrix'))
    expect(said.map(({ id }) => id)).toEqual(many.map(({ id }) => id))
    expect(new Set(said.map(({ score }) => score)).size).toBe(3)
    expect(said[4998]!.score).toBe(said[0]!.score)
  })

  it('of a fixed number of rows answers those that are left over', async () => {
    const { rows } = golden('batch-of-8')
    const said = await predictionsOf('batch-of-8.onnx', rows.slice(12, 25), onnxSettingsOf('batch-of-8'))
    expect(said.map(({ id }) => id)).toEqual(rows.slice(12, 25).map(({ id }) => id))
  })

  it('is found by an address of a file, and within an artifact that is a directory', async () => {
    const { rows } = golden('matrix')
    const settings = onnxSettingsOf('matrix')
    const inFile = await predictionsOf(
      pathToFileURL(join(ONNX_DIRECTORY, 'matrix.onnx')).href,
      rows,
      settings,
    )
    const inDirectory = await predictionsOf(ONNX_DIRECTORY, rows, { ...settings, file: 'matrix.onnx' })
    expect(inFile).toEqual(inDirectory)
    expect(inFile.length).toBeGreaterThan(30)
  })
})

describe('is told, and fails the candidate:', () => {
  const CASES: readonly (readonly [what: string, Parameters<typeof failing>, said: string])[] = [
    ['no file', ['matrix', 'nothing.onnx'], 'expected an artifact at'],
    [
      'an address elsewhere',
      ['matrix', 's3://models/2'],
      'a path that this machine can read, got s3://models/2',
    ],
    ['a directory without a name', ['matrix', '.'], 'got a directory: name the model in predictor.onnx.file'],
    ['a name not there', ['matrix', '.', { file: 'no.onnx' }], 'no.onnx, there is none'],
    ['another file', ['matrix', '../onnx-models.json'], 'it is none or is cut off'],
    [
      'too few features',
      ['matrix', 'matrix.onnx', { features: ['x'] }],
      'expected 2 features for the input features, got 1 (x)',
    ],
    [
      'inputs not there',
      ['matrix', 'matrix.onnx', { inputs: [['X', ['x', 'y']]] }],
      'expected inputs among features, got X',
    ],
    [
      'inputs of no name',
      ['by-name', 'by-name.onnx', { features: ['x', 'colour'] }],
      'expected the input color to have the name of a feature',
    ],
    [
      'outputs not there',
      ['matrix', 'matrix.onnx', { outputs: { label: 'said', scores: null } }],
      'expected the output said',
    ],
    ['several scores', ['per-class', 'per-class.onnx'], 'convert with zipmap=False'],
    [
      'a regression for a classifier',
      ['matrix', 'regression.onnx'],
      'expected probabilities in the output variable',
    ],
    [
      'another positive label',
      ['imputed', 'imputed.onnx', { positiveLabel: 'Yes' }],
      'expected the positive label Yes among the classes, which are no, yes',
    ],
    [
      'other classes',
      ['matrix', 'matrix.onnx', { classes: ['a', '1'] }],
      'expected one of the classes a, 1 for',
    ],
    [
      'too few classes',
      ['matrix', 'matrix.onnx', { classes: ['1'] }],
      'expected scores of the classes 1, the output of scores has 2 columns',
    ],
  ]
  it.each(CASES)('%s', async (_, asked, said) => {
    await expect(failing(...asked)).rejects.toMatchObject({
      name: 'TrainerFailure',
      message: expect.stringContaining(said),
    })
    expect(readdirSync(folder)).not.toContain('result.predictions.jsonl')
  })

  it('a model that is cut off, wherever', async () => {
    const whole = readFileSync(join(ONNX_DIRECTORY, 'matrix.onnx'))
    const path = join(folder, 'cut.onnx')
    for (const length of [0, 1, 40, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length))
      await expect(failing('matrix', path)).rejects.toThrow(/cut\.onnx/)
    }
  })

  it('a number that is missing where the model takes whole ones', async () => {
    const [first] = golden('forest').rows
    const rows = [{ ...first!, id: 'gap', features: { hour: null } }]
    await expect(predictionsOf('forest.onnx', rows, onnxSettingsOf('forest'))).rejects.toThrow(
      'expected a whole number of hour in gap for the input hour, which is of int64, got none',
    )
  })

  it('a model that takes too long', async () => {
    const { rows } = golden('matrix')
    await expect(predictionsOf('matrix.onnx', rows, onnxSettingsOf('matrix'), 1)).rejects.toThrow(
      'the predictor was stopped after 1 ms',
    )
  })
})

describe('the runtime', () => {
  it('is there, of the version that is named where it is not', async () => {
    await expectOnnxRuntime('small')
    const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    const program = join(folder, 'loads.mjs')
    writeFileSync(program, "import 'onnxruntime-web/wasm'")
    await expect(expectOnnxRuntime('small', program)).rejects.toMatchObject({
      code: 'PREDICTOR_UNAVAILABLE',
      message: `models.small.retraining.predictor: expected the optional package onnxruntime-web, which is not installed; npm install --save-exact onnxruntime-web@${peerDependencies['onnxruntime-web']}`,
    })
  })

  it('that cannot be loaded is told with its own words', async () => {
    const program = join(folder, 'breaks.mjs')
    writeFileSync(program, "throw new Error('no WebAssembly here')")
    await expect(expectOnnxRuntime('small', program)).rejects.toThrow(
      /cannot be loaded: .*no WebAssembly here/,
    )
  })
})
