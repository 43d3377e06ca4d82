import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DriftstreamError } from '../../../errors/driftstream-error.ts'
import { plainReason } from '../failure.ts'
import { inheritedEnvironment } from '../inherited-environment.ts'
import { type PredictorRun, runPredictor } from '../run-predictor.ts'
import type { OnnxSettings } from './settings.ts'

export interface OnnxPredictorOptions {
  readonly kind: 'onnx'
  readonly settings: OnnxSettings
  readonly timeLimitMs: number
}

/** Beside this file, as source or compiled. */
const PREDICT_ROWS = fileURLToPath(
  new URL(`predict-rows${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url),
)

const RUNTIME = 'onnxruntime-web'
const LOAD_MS = 60_000

/**
 * Predicts rows with an ONNX model, in a process of its own.
 * @throws TrainerFailure, with what was expected and what came, when the model cannot be read, fed or understood
 */
export async function runOnnx(
  settings: OnnxSettings,
  files: Omit<PredictorRun, 'name' | 'command'>,
  signal: AbortSignal,
): Promise<void> {
  const path = `${files.predictionsPath}.settings.json`
  await writeFile(path, JSON.stringify(settings))
  try {
    await runPredictor({ ...files, name: 'onnx', command: [process.execPath, PREDICT_ROWS, path] }, signal)
  } finally {
    await rm(path, { force: true })
  }
}

/**
 * Sees to it that the optional runtime is there before anything is started that will need it. `program`: what
 * loads it.
 * @throws PREDICTOR_UNAVAILABLE when it is not installed, or cannot be loaded
 */
export async function expectOnnxRuntime(model: string, program: string = PREDICT_ROWS): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [program], { env: inheritedEnvironment(), timeout: LOAD_MS })
  } catch (cause) {
    const said = String((cause as { readonly stderr?: unknown }).stderr ?? cause)
    const isMissing = new RegExp(`Cannot find (package|module) '${RUNTIME}`).test(said)
    const got = isMissing ? 'which is not installed' : `which cannot be loaded: ${plainReason(said)}`
    throw new DriftstreamError(
      'PREDICTOR_UNAVAILABLE',
      `models.${model}.retraining.predictor: expected the optional package ${RUNTIME}, ${got}; npm install --save-exact ${RUNTIME}@1.30.0`,
      { model },
    )
  }
}
