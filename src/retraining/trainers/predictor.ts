import { readFile, rename, writeFile } from 'node:fs/promises'
import type { TrainerInput } from '../../events/training-row.ts'
import { TrainerFailure } from './failure.ts'
import { exchange } from './http-exchange.ts'
import { expectOnnxRuntime, type OnnxPredictorOptions, runOnnx } from './onnx/run-onnx.ts'
import { runPredictor } from './run-predictor.ts'

/** Who predicts the holdout with a candidate whose trainer does not. */
export type PredictorOptions =
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly timeLimitMs: number }
  | { readonly kind: 'http'; readonly url: string; readonly timeLimitMs: number }
  | OnnxPredictorOptions

/**
 * Has the holdout predicted by an artifact: rows as JSON lines go in, predictions as JSON lines come out. A
 * command gets them on its standard input and answers on its standard output, the artifact in
 * `DRIFTSTREAM_ARTIFACT`; over HTTP they are POSTed as `application/x-ndjson`, the artifact in the header
 * `driftstream-artifact`; an ONNX model is run by a process of ours, as a command. Returns the path of the
 * predictions, unread. The same holdout may be asked twice.
 * @throws TrainerFailure for a predictor that fails, or exceeds its time
 */
export async function predictHoldout(
  options: PredictorOptions,
  { holdoutPath, resultPath }: Pick<TrainerInput, 'holdoutPath' | 'resultPath'>,
  artifact: string,
  signal: AbortSignal,
): Promise<string> {
  const path = `${resultPath}.predictions.jsonl`
  const part = `${path}.part`
  const { timeLimitMs } = options
  const files = { artifact, rowsPath: holdoutPath, predictionsPath: part, timeLimitMs }
  if (options.kind === 'http') {
    await writeFile(part, await predictedOverHttp(options.url, files, signal))
  } else if (options.kind === 'onnx') {
    await runOnnx(options.settings, files, signal)
  } else {
    const { command } = options
    await runPredictor({ ...files, name: JSON.stringify(command), command }, signal)
  }
  await rename(part, path)
  return path
}

/**
 * Sees to it that what the predictors of some models need on this machine is installed.
 * @throws PREDICTOR_UNAVAILABLE when it is not
 */
export async function expectPredictors(
  models: Iterable<{ readonly name: string; readonly predictor?: PredictorOptions | null }>,
): Promise<void> {
  const byOnnx = [...models].find(({ predictor }) => predictor?.kind === 'onnx')
  if (byOnnx !== undefined) await expectOnnxRuntime(byOnnx.name)
}

async function predictedOverHttp(
  url: string,
  asked: { readonly artifact: string; readonly rowsPath: string; readonly timeLimitMs: number },
  signal: AbortSignal,
): Promise<string> {
  const { artifact, rowsPath, timeLimitMs } = asked
  const headers = { 'content-type': 'application/x-ndjson', 'driftstream-artifact': encodeURI(artifact) }
  const body = await readFile(rowsPath, 'utf8')
  const answer = await exchange(url, { method: 'POST', headers, body }, timeLimitMs, signal)
  if (answer.status === 200) return answer.text
  throw new TrainerFailure(`expected 200 from ${url}, got ${answer.status}: ${answer.text.slice(0, 500)}`)
}
