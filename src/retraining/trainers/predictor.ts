import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { TrainerInput } from '../../events/training-row.ts'
import { TrainerFailure } from './failure.ts'
import { exchange } from './http-exchange.ts'
import { inheritedEnvironment } from './inherited-environment.ts'

/** Who predicts the holdout with a candidate whose trainer does not. */
export type PredictorOptions =
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly timeLimitMs: number }
  | { readonly kind: 'http'; readonly url: string; readonly timeLimitMs: number }

/**
 * Has the holdout predicted by an artifact: rows as JSON lines go in, predictions as JSON lines come out. A
 * command gets them on its standard input and answers on its standard output, the artifact in
 * `DRIFTSTREAM_ARTIFACT`; over HTTP they are POSTed as `application/x-ndjson`, the artifact in the header
 * `driftstream-artifact`. Returns the path of the predictions, unread. The same holdout may be asked twice.
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
  if (options.kind === 'http') {
    const headers = { 'content-type': 'application/x-ndjson', 'driftstream-artifact': encodeURI(artifact) }
    const body = await readFile(holdoutPath, 'utf8')
    const answer = await exchange(options.url, { method: 'POST', headers, body }, options.timeLimitMs, signal)
    if (answer.status !== 200) {
      throw new TrainerFailure(
        `expected 200 from ${options.url}, got ${answer.status}: ${answer.text.slice(0, 500)}`,
      )
    }
    await writeFile(part, answer.text)
  } else {
    await runPredictor(options, holdoutPath, part, artifact, signal)
  }
  await rename(part, path)
  return path
}

async function runPredictor(
  { command, timeLimitMs }: Extract<PredictorOptions, { kind: 'command' }>,
  holdoutPath: string,
  path: string,
  artifact: string,
  signal: AbortSignal,
): Promise<void> {
  const [program = '', ...args] = command
  const overdue = AbortSignal.timeout(timeLimitMs)
  const child = spawn(program, args, {
    env: { ...inheritedEnvironment(), DRIFTSTREAM_ARTIFACT: artifact },
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: AbortSignal.any([signal, overdue]),
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, by) => resolve(code === 0 ? null : `it ended with ${code ?? by}`))
  })
  // A predictor may end before it has read all; how it ends is what counts.
  const fed = pipeline(createReadStream(holdoutPath), child.stdin).catch(() => {})
  const kept = pipeline(child.stdout, createWriteStream(path)).catch(() => {})
  const fault = await ended
  await Promise.all([fed, kept])
  if (overdue.aborted) throw new TrainerFailure(`the predictor was stopped after ${timeLimitMs} ms`)
  if (fault !== null) throw new TrainerFailure(`the predictor ${JSON.stringify(command)} failed: ${fault}`)
}
