import type { Logger } from 'pino'
import type { AlertSeverity } from '../../events/alert-event.ts'
import type { AlertSink } from './alert-sink.ts'

const LEVELS: Readonly<Record<AlertSeverity, 'info' | 'warn' | 'error'>> = {
  info: 'info',
  warning: 'warn',
  critical: 'error',
}

/** Alerts as lines of the process's log. */
export function createLogSink(logger: Logger): AlertSink {
  return {
    async deliver(alert, suppressed) {
      logger[LEVELS[alert.severity]]({ alert, ...(suppressed > 0 ? { suppressed } : {}) }, alert.title)
    },
  }
}
