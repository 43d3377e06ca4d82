import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The program that is installed as `driftstream`. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Runs a command of `driftstream` in a directory to its end. */
export async function runCli(directory: string, ...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (out.stdout += chunk))
  child.stderr.on('data', (chunk) => (out.stderr += chunk))
  const [code] = await once(child, 'close')
  return { code: code as number, ...out }
}
