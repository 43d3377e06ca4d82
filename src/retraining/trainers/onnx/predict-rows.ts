/**
 * `node predict-rows.ts <file of settings>`: predicts rows with the ONNX model in `DRIFTSTREAM_ARTIFACT`. Rows come as
 * JSON lines on standard input, predictions leave as JSON lines on standard output; what is wrong is said on
 * standard error, with exit code 1. Without settings it only loads the runtime.
 *
 * A process of its own: the runtime computes without a pause and keeps what it has once taken, and a model is
 * somebody else's program. It is also where the optional package is imported, and nowhere else.
 */
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { type TrainingRow, trainingRow } from '../../../events/training-row.ts'
import { batchSize, columnsOf, type InputPlan, planInputs } from './input-tensors.ts'
import { type OnnxGraph, readGraph } from './read-graph.ts'
import { type OutputPlan, planOutputs, readOutputs } from './read-outputs.ts'
import { type OnnxSettings, onnxSettings } from './settings.ts'

/** Enough that the runtime is not asked for every row, few enough that a wide model fits. */
const BATCH_ROWS = 2048

/** Errors alone: warnings about nodes that the runtime changed are nobody's news. */
const ERRORS = 3

interface Predictor {
  readonly session: InferenceSession
  readonly inputs: readonly InputPlan[]
  readonly outputs: OutputPlan
  readonly settings: OnnxSettings
  /** Null: as many as there are. */
  readonly fixedRows: number | null
}

async function open(artifact: string, settings: OnnxSettings): Promise<Predictor> {
  const path = await pathOf(artifact, settings)
  const { model, classes } = graphAt(path, await readFile(path))
  const session = await InferenceSession.create(model, { logSeverityLevel: ERRORS }).catch((cause) => {
    throw new Error(`expected a model that onnxruntime can run at ${path}: ${messageOf(cause)}`)
  })
  return {
    session,
    inputs: planInputs(session.inputMetadata, settings),
    outputs: planOutputs(session.outputMetadata, settings),
    settings: { ...settings, classes: settings.classes ?? classes },
    fixedRows: batchSize(session.inputMetadata),
  }
}

async function pathOf(artifact: string, { directory, file }: OnnxSettings): Promise<string> {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(artifact)?.[1]
  if (scheme !== undefined && scheme !== 'file') {
    throw new Error(`expected the artifact to be a path that this machine can read, got ${artifact}`)
  }
  const given = scheme === undefined ? resolve(directory, artifact) : fileURLToPath(artifact)
  const found = await stat(given).catch(() => null)
  if (found === null) throw new Error(`expected an artifact at ${given}, there is none`)
  if (found.isFile()) return given
  if (file === null)
    throw new Error(`expected a file at ${given}, got a directory: name the model in predictor.onnx.file`)
  const path = join(given, file)
  if ((await stat(path).catch(() => null))?.isFile() !== true)
    throw new Error(`expected a model at ${path}, there is none`)
  return path
}

function graphAt(path: string, bytes: Uint8Array): OnnxGraph {
  try {
    return readGraph(bytes)
  } catch (cause) {
    throw new Error(`expected an ONNX model at ${path}, it is none or is cut off: ${messageOf(cause)}`)
  }
}

/** A model of a fixed number of rows gets that many, the last one again where there are fewer. */
async function predict(rows: readonly TrainingRow[], predictor: Predictor) {
  const { session, inputs, outputs, settings, fixedRows } = predictor
  const padding = new Array<TrainingRow>(Math.max(0, (fixedRows ?? 0) - rows.length)).fill(rows.at(-1)!)
  const asked = [...rows, ...padding]
  const feeds = Object.fromEntries(
    inputs.map((plan) => {
      const dims = plan.rank === 1 ? [asked.length] : [asked.length, plan.features.length]
      return [plan.name, new Tensor(plan.type, columnsOf(asked, plan), dims)]
    }),
  )
  const names = [outputs.label, outputs.scores].filter((name) => name !== null)
  const answers = await session.run(feeds, names)
  const ids = asked.map(({ id }, at) => (at < rows.length ? id : null))
  return readOutputs(ids, answers, outputs, settings)
}

async function main(settingsPath: string): Promise<void> {
  const settings = onnxSettings.parse(JSON.parse(await readFile(settingsPath, 'utf8')))
  const predictor = await open(process.env.DRIFTSTREAM_ARTIFACT ?? '', settings)
  const batchRows = predictor.fixedRows ?? BATCH_ROWS
  let rows: TrainingRow[] = []
  const flush = async () => {
    if (rows.length === 0) return
    const lines = (await predict(rows, predictor)).map((each) => `${JSON.stringify(each)}\n`)
    rows = []
    if (!process.stdout.write(lines.join(''))) await once(process.stdout, 'drain')
  }
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === '') continue
    rows.push(trainingRow.parse(JSON.parse(line)))
    if (rows.length === batchRows) await flush()
  }
  await flush()
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

env.logLevel = 'error'
// More would need workers, and share memory with them.
env.wasm.numThreads = 1
const [, , given] = process.argv
if (given !== undefined) {
  await main(given).catch((cause: unknown) => {
    process.stderr.write(`${messageOf(cause)}\n`)
    process.exitCode = 1
  })
}
