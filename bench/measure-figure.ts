import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Figure } from './catalogue.ts'
import type { Measurement } from './figure-process.ts'

/** Compilation differs from process to process, so a figure is measured in several. */
export interface MeasuredFigure {
  readonly figure: Figure
  /** Of the processes' values the middle one; NaN where one of them failed. */
  readonly value: number
  readonly measurements: readonly Measurement[]
  /** The first failure, in one line; null where there was none. */
  readonly failure: string | null
}

const execute = promisify(execFile)

/** A figure that takes longer hangs. */
const TIMEOUT_MS = 300_000

/** Measures one figure in `processes` processes, one after the other. */
export async function measureFigure(
  figure: Figure,
  processes: number,
  quick: boolean,
): Promise<MeasuredFigure> {
  const measurements: Measurement[] = []
  try {
    while (measurements.length < processes) measurements.push(await measureOnce(figure, quick))
  } catch (error) {
    return { figure, value: Number.NaN, measurements, failure: reasonOf(error) }
  }
  return { figure, value: middle(measurements.map(({ value }) => value)), measurements, failure: null }
}

async function measureOnce({ script, argument }: Figure, quick: boolean): Promise<Measurement> {
  const path = join(import.meta.dirname, 'figures', script)
  const args = ['--expose-gc', path, ...(argument === null ? [] : [argument]), ...(quick ? ['--quick'] : [])]
  const { stdout } = await execute(process.execPath, args, { timeout: TIMEOUT_MS })
  return JSON.parse(stdout) as Measurement
}

/** The middle of an odd number of values. */
function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Of a process that threw, the line that says what; Node prints the place before it and the stack behind. */
function reasonOf(error: unknown): string {
  const { stderr = '', message } = error as Error & { stderr?: string }
  return stderr.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? message.split('\n')[0] ?? message
}
