import type { Command } from 'commander'
import { checkTopics, topicSpecs } from '../consumers/topics.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'

export function addTopicsCommand(program: Command): void {
  program
    .command('topics')
    .description('The topics driftstream reads and writes.')
    .command('create')
    .description('Create the topics that are missing; those that exist are left as they are.')
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .option('--keep-forever', 'no retention by time: for replaying streams whose timestamps lie in the past')
    .option('--json', 'print one JSON object')
    .action(createTopics)
}

async function createTopics(flags: { config: string; keepForever?: boolean; json?: boolean }): Promise<void> {
  const options = readOptions(flags.config)
  const log = await openLog(options, createLogger(options.log))
  try {
    const { names, partitions, replicationFactor } = options.topics
    const specs = topicSpecs(names, partitions, replicationFactor, flags.keepForever === true)
    const created = await log.createTopics(specs)
    const counts = await checkTopics(log, names)
    if (flags.json === true) {
      process.stdout.write(`${JSON.stringify({ created, partitions: counts })}\n`)
      return
    }
    for (const key of Object.keys(names) as (keyof typeof names)[]) {
      const state = created.includes(names[key]) ? 'created' : 'exists '
      process.stdout.write(`${state}  ${names[key]}  ${counts[key]} partitions\n`)
    }
  } finally {
    await log.close()
  }
}
