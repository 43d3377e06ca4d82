import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export const MAVEN = 'mvn'

/** Takes one line of progress at a time. */
export type Report = (line: string) => void

const execute = promisify(execFile)

/** Runs a goal; where it fails, with Maven's first words about why. */
export async function runMaven(goal: readonly string[]): Promise<void> {
  try {
    await execute(MAVEN, ['-q', '-B', '-ntp', ...goal])
  } catch (cause) {
    const { stdout = '', message } = cause as Error & { stdout?: string }
    // Maven tells its errors on stdout; the first ones name what could not be resolved.
    const lines = stdout.split('\n').filter((line) => line.includes('ERROR'))
    throw new Error(lines.slice(0, 3).join('\n') || message, { cause })
  }
}
