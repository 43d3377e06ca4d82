import { spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { plainReason, TrainerFailure } from './failure.ts'
import { inheritedEnvironment } from './inherited-environment.ts'
import { lastLinesOf } from './output-tail.ts'

export interface PredictorRun {
  /** What it is called where it fails. */
  readonly name: string
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[]
  readonly artifact: string
  /** JSON lines for its standard input. */
  readonly rowsPath: string
  /** Where its standard output goes. */
  readonly predictionsPath: string
  readonly timeLimitMs: number
}

/**
 * Runs a predictor to its end, within its time.
 * @throws TrainerFailure, with the last lines of its standard error, when it fails or exceeds its time
 */
export async function runPredictor(run: PredictorRun, signal: AbortSignal): Promise<void> {
  const { name, artifact, timeLimitMs } = run
  const [program = '', ...args] = run.command
  const overdue = AbortSignal.timeout(timeLimitMs)
  const child = spawn(program, args, {
    env: { ...inheritedEnvironment(), DRIFTSTREAM_ARTIFACT: artifact },
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, overdue]),
    killSignal: 'SIGKILL',
  })
  const said = lastLinesOf(child.stderr)
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, by) => resolve(code === 0 ? null : `it ended with ${code ?? by}`))
  })
  // A predictor may end before it has read all; how it ends is what counts.
  const fed = pipeline(createReadStream(run.rowsPath), child.stdin).catch(() => {})
  const kept = pipeline(child.stdout, createWriteStream(run.predictionsPath)).catch(() => {})
  const fault = await ended
  await Promise.all([fed, kept])
  if (overdue.aborted) throw new TrainerFailure(`the predictor was stopped after ${timeLimitMs} ms`)
  if (fault === null) return
  const words = said()
  throw new TrainerFailure(
    plainReason(`the predictor ${name} failed: ${fault}${words === '' ? '' : `: ${words}`}`),
  )
}
