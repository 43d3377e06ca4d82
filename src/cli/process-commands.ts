import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { SYSTEM_CLOCK } from '../consumers/edge.ts'
import { type ProcessName, startProcesses } from '../consumers/start.ts'
import { EXIT } from './exit-codes.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'

/** From the first SIGTERM to the end, whatever hangs: below the 10 s most supervisors grant. */
const SHUTDOWN_MS = 8_000
/** How often the health file is touched at most. */
const HEALTH_MS = 2_000

const COMMANDS: readonly { name: string; processes: readonly ProcessName[]; summary: string }[] = [
  { name: 'observe', processes: ['observer'], summary: 'count feature and label events into sketches' },
  { name: 'detect', processes: ['detector'], summary: 'judge the sketches, report drift, ask for retrains' },
  { name: 'retrain', processes: ['retrainer'], summary: 'train, validate and promote what is asked for' },
  { name: 'run', processes: ['observer', 'detector', 'retrainer'], summary: 'all three in one process' },
]

export function addProcessCommands(program: Command): void {
  for (const { name, processes, summary } of COMMANDS) {
    program
      .command(name)
      .summary(summary)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}, until SIGTERM.`)
      .option('-c, --config <file>', 'configuration', CONFIG_PATH)
      .action(({ config }: { config: string }) => runUntilSignal(processes, config))
  }
}

async function runUntilSignal(names: readonly ProcessName[], configPath: string): Promise<void> {
  const options = readOptions(configPath)
  const logger = createLogger(options.log)
  const log = await openLog(options, logger)
  const stop = new AbortController()
  const unlisten = onSignals(() => stop.abort())
  try {
    const surroundings = { clock: SYSTEM_CLOCK, logger, signal: stop.signal, alive: healthFile() }
    const running = await startProcesses(names, log, options, surroundings)
    logger.info({ processes: names, models: [...options.models.keys()] }, 'started')
    await Promise.all(running.map(({ done }) => done))
    logger.info('stopped cleanly')
  } finally {
    unlisten()
    await log.close()
  }
}

/** The first signal asks for a clean stop with a deadline, the second ends the process at once. */
function onSignals(stop: () => void): () => void {
  let asked = false
  const listener = () => {
    if (asked) process.exit(EXIT.interrupted)
    asked = true
    stop()
    setTimeout(() => process.exit(EXIT.failure), SHUTDOWN_MS).unref()
  }
  process.on('SIGTERM', listener)
  process.on('SIGINT', listener)
  return () => {
    process.off('SIGTERM', listener)
    process.off('SIGINT', listener)
  }
}

/** A file whose age tells a health check whether the loop still turns; from `DRIFTSTREAM_HEALTH_FILE`. */
function healthFile(): () => void {
  const path = process.env.DRIFTSTREAM_HEALTH_FILE
  if (path === undefined) return () => {}
  let touchedAt = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - touchedAt < HEALTH_MS) return
    touchedAt = performance.now()
    // A full disk must not stop the stream: the check will see the file age.
    writeFile(path, `${Date.now()}\n`).catch(() => {})
  }
}
