import type { Logger } from 'pino'
import type { Log } from '../log/port.ts'
import type { Progress } from './progress.ts'

/** Log time, epoch ms: stamped on everything written. The demo hands in a clock that plays 2001. */
export interface Clock {
  now(): number
}

export const SYSTEM_CLOCK: Clock = { now: () => Date.now() }

/** When an edge flushes: at the interval, or earlier when so many events are folded. */
export interface FlushOptions {
  /** 0: as soon as the input is drained. */
  readonly intervalMs: number
  readonly eventsMax: number
}

/** What every process is given besides its own options. */
export interface Edge {
  readonly log: Log
  readonly clock: Clock
  readonly logger: Logger
  readonly flush: FlushOptions
  readonly progress: Progress
  /** Aborted: flush, leave the group, return. */
  readonly signal: AbortSignal
}
