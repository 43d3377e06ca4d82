import type { Command } from 'commander'
import { checkTopics } from '../consumers/topics.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'

export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description('The configuration file.')
    .command('check')
    .description('Read the configuration with its environment overrides and list every fault at once.')
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .option('--broker', 'also ask the broker whether every topic is there and fits')
    .action(checkConfig)
}

async function checkConfig(flags: { config: string; broker?: boolean }): Promise<void> {
  const options = readOptions(flags.config)
  if (flags.broker === true) {
    const log = await openLog(options, createLogger(options.log))
    try {
      await checkTopics(log, options.topics.names)
    } finally {
      await log.close()
    }
  }
  const models = [...options.models.keys()].join(', ')
  process.stdout.write(`${flags.config}: good. Models: ${models}\n`)
}
