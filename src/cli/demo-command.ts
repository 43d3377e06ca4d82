import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { DriftstreamError } from '../errors/driftstream-error.ts'

/**
 * The demo is an example, not part of the package: it lives beside the sources with its data, its model
 * and its trainer. This command finds it from `src/cli` and from `dist/cli` alike.
 */
const DEMO = fileURLToPath(new URL('../../examples/flights/demo.ts', import.meta.url))

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('Play half a year of real flights through the whole pipeline: see `demo --help`.')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument('[options...]', 'options of the demo')
    .action((options: string[]) => playDemo(options))
}

/** Runs the demo as a child, so that its exit code and its terminal are its own. */
async function playDemo(options: readonly string[]): Promise<void> {
  if (!existsSync(DEMO)) {
    throw new DriftstreamError(
      'DEMO_UNAVAILABLE',
      `expected the demo at ${DEMO}; it is played from a clone of the repository (npm ci && npm run demo)`,
    )
  }
  const child = spawn(process.execPath, [DEMO, ...options], { stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', forward)
  process.on('SIGTERM', forward)
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
