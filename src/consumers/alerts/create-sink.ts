import type { Logger } from 'pino'
import type { AlertSinkOptions } from '../../config/alert-options.ts'
import type { AlertSink } from './alert-sink.ts'
import { createLogSink } from './log-sink.ts'
import { createSlackSink } from './slack-sink.ts'
import { createWebhookSink } from './webhook-sink.ts'

/** The sink of one entry of the configuration; `source` is that of its CloudEvents. */
export function createSink(options: AlertSinkOptions, source: string, logger: Logger): AlertSink {
  if (options.kind === 'webhook') return createWebhookSink(options, source)
  return options.kind === 'slack' ? createSlackSink(options) : createLogSink(logger)
}
