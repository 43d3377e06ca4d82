import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { showConfig } from '../config/show-config.ts'
import { checkTopics } from '../consumers/topics.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'

export function addConfigCommand(program: Command): void {
  const config = program.command('config').description('The configuration file.')
  config
    .command('show')
    .description('Print the configuration with its environment overrides; what may be a secret is left out.')
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .action(showConfiguration)
  config
    .command('check')
    .description('Read the configuration with its environment overrides and list every fault at once.')
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .option('--broker', 'also ask the broker whether every topic is there and fits')
    .action(checkConfig)
}

function showConfiguration(flags: { config: string }): void {
  // What is not good is told as `check` tells it.
  readOptions(flags.config)
  process.stdout.write(showConfig(readFileSync(flags.config, 'utf8'), process.env))
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
