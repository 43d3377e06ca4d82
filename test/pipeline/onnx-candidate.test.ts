import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { TrainerOptions } from '../../src/retraining/trainers/create-trainer.ts'
import type { PredictorOptions } from '../../src/retraining/trainers/predictor.ts'
import { ONNX_DIRECTORY, onnxSettingsOf } from '../support/golden-onnx.ts'
import { openSmallPipeline, type SmallPipeline } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 30,
  eventsPerMinute: 120,
  seed: 7,
}

/** Delivers a model that was trained elsewhere, whatever the rows, and leaves the holdout to the predictor. */
function deliverer(file: string): TrainerOptions {
  const script = `
    const { copyFileSync, readFileSync, writeFileSync } = require('node:fs')
    const { artifactDirectory: artifact, resultPath } = JSON.parse(readFileSync(0, 'utf8'))
    copyFileSync(${JSON.stringify(join(ONNX_DIRECTORY, file))}, artifact + '/model.onnx')
    writeFileSync(resultPath, JSON.stringify({ artifact }))`
  return {
    kind: 'command',
    command: [process.execPath, '-e', script],
    timeLimitMs: 30_000,
    workingDirectory: null,
    environment: {},
  }
}

// As configured: the model of the small world has a text among its features, which the artifact does not take.
const predictor: PredictorOptions = {
  kind: 'onnx',
  settings: {
    ...onnxSettingsOf('small-world'),
    features: ['x', 'c'],
    categorical: ['c'],
    file: 'model.onnx',
  },
  timeLimitMs: 60_000,
}

let pipeline: SmallPipeline | null = null
afterEach(async () => {
  await pipeline?.stop()
  pipeline = null
})

async function deploymentsWith(file: string) {
  pipeline = await openSmallPipeline(world, undefined, { trainer: deliverer(file), predictor })
  await pipeline.play(world, 0, 60)
  return (await pipeline.published()).deployments
}

describe('a candidate that is an ONNX model', () => {
  it('is judged by what it says, promoted, and has a reference of its own answers', async () => {
    const deployments = await deploymentsWith('small-world.onnx')
    expect(deployments.map(({ stage }) => stage).slice(0, 5)).toEqual([
      'accepted',
      'training',
      'validating',
      'validated',
      'promoted',
    ])
    const gates = new Map(deployments[3]!.gates.map((gate) => [gate.gate, gate]))
    expect(gates.get('coverage')).toMatchObject({ passed: true, value: 1 })
    expect(gates.get('log-loss difference')!.value).toBeLessThan(-1)
    expect(deployments[4]!.referenceId).not.toBeNull()
  }, 120_000)

  it('that cannot be fed fails its request with what was expected', async () => {
    const [, , , end] = await deploymentsWith('matrix.onnx')
    expect(end).toMatchObject({
      stage: 'failed',
      reason: expect.stringMatching(/expected numbers for the input features, .* got "\w+", the c of m/),
    })
  }, 120_000)
})
