import type { Logger } from 'pino'
import type { FlushOptions } from '../config/options.ts'
import type { Log } from '../log/port.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { SchemaTable } from '../registry/schema-table.ts'
import type { Condition } from './condition.ts'
import type { Progress } from './progress.ts'

/** Log time, epoch ms: stamped on everything written. The demo hands in a clock that plays 2001. */
export interface Clock {
  now(): number
}

export const SYSTEM_CLOCK: Clock = { now: () => Date.now() }

/** What every process is given besides its own options. */
export interface Edge {
  readonly log: Log
  readonly clock: Clock
  readonly logger: Logger
  readonly flush: FlushOptions
  /** How long the log may be away before the process ends. */
  readonly outageMaxMs: number
  /** Absent where no schema registry is configured. */
  readonly schemas?: SchemaTable
  readonly progress: Progress
  readonly metrics: Metrics
  readonly condition: Condition
  /** Aborted: flush, leave the group, return. */
  readonly signal: AbortSignal
  /** Called in every turn of the loop: a process that does not turn is not alive, whatever its socket says. */
  alive(): void
}
