import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Figure } from './catalogue.ts'
import type { Measurement } from './figure-process.ts'

/** Compilation differs from process to process, so a figure is measured in several. */
export interface MeasuredFigure {
  readonly figure: Figure
  /** Decided from all processes; NaN where one of them failed. */
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
  return { figure, value: decide(measurements), measurements, failure: null }
}

async function measureOnce({ script, argument }: Figure, quick: boolean): Promise<Measurement> {
  const path = join(import.meta.dirname, 'figures', script)
  const args = ['--expose-gc', path, ...(argument === null ? [] : [argument]), ...(quick ? ['--quick'] : [])]
  const { stdout } = await execute(process.execPath, args, { timeout: TIMEOUT_MS })
  return JSON.parse(stdout) as Measurement
}

/**
 * One value out of several processes'. Of a time it is the fastest's, for a disturbed process is only ever
 * slower. A ratio has no such side to err on, nor has memory: of these it is the middle one.
 */
export function decide(measurements: readonly Measurement[]): number {
  const isTime = measurements.every(({ nanoseconds }) => Object.keys(nanoseconds).length === 1)
  const ordered = measurements.toSorted((a, b) => (isTime ? timeOf(a) - timeOf(b) : a.value - b.value))
  return ordered[isTime ? 0 : Math.floor(ordered.length / 2)]?.value ?? Number.NaN
}

function timeOf({ nanoseconds }: Measurement): number {
  return Object.values(nanoseconds)[0] ?? Number.NaN
}

/** Of a process that threw, the line that says what; Node prints the place before it and the stack behind. */
function reasonOf(error: unknown): string {
  const { stderr = '', message } = error as Error & { stderr?: string }
  return stderr.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? message.split('\n')[0] ?? message
}
