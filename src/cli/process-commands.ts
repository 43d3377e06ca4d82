import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { SYSTEM_CLOCK } from '../consumers/edge.ts'
import { type ProcessName, type RunningProcess, startProcesses } from '../consumers/start.ts'
import { Metrics } from '../metrics/metrics.ts'
import { describeFailure } from './exit-codes.ts'
import { serveMetrics } from './open-monitor.ts'
import { CONFIG_PATH, createLogger, openLog, openSchemas, readOptions } from './setting.ts'
import { Ending } from './signals.ts'

/** How often the health file is touched at most. */
const HEALTH_MS = 2_000

const COMMANDS: readonly { name: string; processes: readonly ProcessName[]; summary: string }[] = [
  { name: 'observe', processes: ['observer'], summary: 'count feature and label events into sketches' },
  { name: 'detect', processes: ['detector'], summary: 'judge the sketches, report drift, ask for retrains' },
  { name: 'alert', processes: ['alerter'], summary: 'tell people of drift, retrains and rollouts' },
  {
    name: 'run',
    processes: ['observer', 'detector', 'retrainer'],
    summary: 'all of them in one process, alerts where the configuration has some',
  },
]

export function addProcessCommands(program: Command): void {
  for (const { name, processes, summary } of COMMANDS) {
    program
      .command(name)
      .summary(summary)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}, until SIGTERM.`)
      .option('-c, --config <file>', 'configuration', CONFIG_PATH)
      .action(({ config }: { config: string }) => runUntilSignal(processes, config, name === 'run'))
  }
}

/** Runs processes until SIGTERM or SIGINT, or until one of them dies. */
export async function runUntilSignal(
  named: readonly ProcessName[],
  configPath: string,
  alerts: boolean,
): Promise<void> {
  const options = readOptions(configPath)
  const names: readonly ProcessName[] = alerts && options.alerts !== undefined ? [...named, 'alerter'] : named
  const logger = createLogger(options.log)
  const metrics = new Metrics()
  let running: readonly RunningProcess[] = []
  const closeMonitor = await serveMetrics(options, metrics, () => running.map(({ condition }) => condition))
  const schemas = openSchemas(options, logger, metrics)
  const log = await openLog(options, logger)
  const stop = new AbortController()
  const ending = new Ending(
    process,
    () => stop.abort(),
    (level, text) => logger[level](text),
  )
  try {
    const surroundings = {
      clock: SYSTEM_CLOCK,
      logger,
      signal: stop.signal,
      alive: healthFile(),
      metrics,
      ...(schemas && { schemas }),
    }
    running = await startProcesses(names, log, options, surroundings)
    logger.info({ processes: names, models: [...options.models.keys()] }, 'started')
    for (const { name, done } of running) {
      done.catch((error) => {
        // Told now: what the others do until they have stopped may hang, and then nobody throws it below.
        const { text } = describeFailure(error)
        logger.error({ process: name, code: error.code }, `${text}; the processes beside it are stopped`)
        ending.within()
      })
    }
    // When one has died the others are stopping; they may still write what they hold.
    const ends = await Promise.allSettled(running.map(({ done }) => done))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    logger.info('stopped cleanly')
  } finally {
    await log.close()
    schemas?.close()
    await closeMonitor()
    ending.close()
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
