import pino from 'pino'
import { Condition } from '../../src/consumers/condition.ts'
import type { Edge } from '../../src/consumers/edge.ts'
import { Progress } from '../../src/consumers/progress.ts'
import type { Log } from '../../src/log/port.ts'
import { Metrics } from '../../src/metrics/metrics.ts'

/** What an observer is given where a test is its loop: a clock that stands, nobody who listens or stops it. */
export function observerEdge(log: Log, now: number, given: Pick<Edge, 'flush'> & Partial<Edge>): Edge {
  return {
    log,
    clock: { now: () => now },
    logger: pino({ level: 'silent' }),
    outageMaxMs: 0,
    progress: new Progress(),
    metrics: new Metrics(),
    condition: new Condition('observer'),
    signal: new AbortController().signal,
    alive: () => {},
    ...given,
  }
}
