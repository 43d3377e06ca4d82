/**
 * The demo: half a year of real flights through the whole pipeline, in three acts.
 * `npm run demo [-- --plant all|broken-pipe|changed-world|none] [--brokers HOST:PORT,…] [--json]`
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeFailure, EXIT } from '../../src/cli/exit-codes.ts'
import { createLogger, openLog } from '../../src/cli/setting.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import type { AppOptions } from '../../src/config/options.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import type { Log } from '../../src/log/port.ts'
import { PLANT_NAMES, plantsNamed } from './plants.ts'
import { playStory } from './play-story.ts'
import { openDisplay } from './terminal.ts'

const USAGE = `usage: npm run demo -- [options]

  --plant NAME      what is planted into the real stream: ${PLANT_NAMES.join(', ')} (default all)
  --brokers LIST    play on this Kafka cluster, on topics of this run's own, instead of the log in memory
  --json            the story on standard error, one JSON object as the last line on standard output
  --help            this text
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      plant: { type: 'string', default: 'all' },
      brokers: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const plants = plantsNamed(values.plant)
  const directory = await mkdtemp(join(tmpdir(), 'driftstream-demo-'))
  const display = openDisplay({ json: values.json, stdout: process.stdout, stderr: process.stderr })
  let log: Log | null = null
  try {
    const options = demoOptions(values.brokers, directory)
    const logger = createLogger(options.log)
    log = values.brokers === undefined ? openMemoryLog() : await openLog(options, logger)
    await playStory({ log, options, logger, plants, display })
  } finally {
    display.close()
    await log?.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** The configuration beside this file, with what only the place of the demo knows. */
function demoOptions(brokers: string | undefined, directory: string): AppOptions {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
  const env = brokers === undefined ? {} : { DRIFTSTREAM_KAFKA__BROKERS: brokers }
  const options = loadConfig({
    path: here('driftstream.yaml'),
    env,
    readFile: (path) => readFileSync(path, 'utf8'),
  })
  const models = [...options.models].map(([name, model]) => {
    const trainer =
      model.trainer?.kind !== 'command'
        ? model.trainer
        : {
            ...model.trainer,
            command: [process.execPath, ...model.trainer.command.slice(1)],
            workingDirectory: here('.'),
          }
    return [name, { ...model, trainer }] as const
  })
  const played = { ...options, artifacts: join(directory, 'artifacts'), models: new Map(models) }
  return brokers === undefined ? played : ofThisRun(played)
}

/** Another run's topics on the same cluster hold the same half year: nothing of it may be read again. */
function ofThisRun(options: AppOptions): AppOptions {
  const run = `run-${Date.now().toString(36)}`
  const named = Object.entries(options.topics.names).map(([key, name]) => [key, `${name}.${run}`])
  const names: AppOptions['topics']['names'] = Object.fromEntries(named)
  return { ...options, group: `${options.group}-${run}`, topics: { ...options.topics, names } }
}

try {
  await main()
} catch (error) {
  const usage =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  const { text, exitCode } = describeFailure(error)
  process.stderr.write(usage ? `${(error as Error).message}\n\n${USAGE}` : `demo: ${text}\n`)
  process.exitCode = usage ? EXIT.usage : exitCode
}
