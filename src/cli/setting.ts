import { readFileSync } from 'node:fs'
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { loadConfig } from '../config/load-config.ts'
import type { AppOptions } from '../config/options.ts'
import { openKafkaLog } from '../log/kafkajs/kafkajs-log.ts'
import type { Log } from '../log/port.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { openRegistryClient } from '../registry/registry-client.ts'
import { SchemaTable } from '../registry/schema-table.ts'
import { readRegistryAccess, readSecurity } from './read-security.ts'

/** The path of the configuration where no option gives one. */
export const CONFIG_PATH = process.env.DRIFTSTREAM_CONFIG || 'driftstream.yaml'

/** @throws CONFIG_UNREADABLE, CONFIG_INVALID with every fault */
export function readOptions(path: string): AppOptions {
  return loadConfig({ path, env: process.env, readFile: (file) => readFileSync(file, 'utf8') })
}

/** Logs go to standard error: JSON lines, or for people on a terminal. */
export function createLogger(options: AppOptions['log']): Logger {
  const forPeople = options.pretty === 'auto' ? process.stderr.isTTY === true : options.pretty
  const stream = forPeople
    ? pretty({ destination: 2, colorize: process.env.NO_COLOR === undefined })
    : pino.destination(2)
  return pino({ level: options.level, base: null }, stream)
}

/** @throws CONFIG_UNREADABLE, LOGIN_REFUSED, BROKER_UNREACHABLE */
export async function openLog(options: AppOptions, logger: Logger): Promise<Log> {
  const client = logger.child({ client: 'kafka' })
  return openKafkaLog({
    ...options.kafka,
    security: readSecurity(options.kafka.security, process.env),
    onClientLog: (level, text) => client[level](text),
  })
}

/**
 * The schemas of the registry that is configured; undefined where none is. Nothing is asked for yet.
 * @throws CONFIG_UNREADABLE for a secret or a certificate that cannot be read
 */
export function openSchemas(
  { schemaRegistry }: AppOptions,
  logger: Logger,
  metrics: Metrics,
): SchemaTable | undefined {
  if (schemaRegistry === undefined) return undefined
  const client = openRegistryClient(readRegistryAccess(schemaRegistry, process.env))
  return new SchemaTable(client, schemaRegistry, { logger, metrics })
}
