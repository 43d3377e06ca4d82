import type { Logger } from 'pino'
import type { AppOptions } from '../config/options.ts'
import type { Log } from '../log/port.ts'
import { METRICS } from '../metrics/catalogue.ts'
import { Metrics, type SetMetric } from '../metrics/metrics.ts'
import type { SchemaTable } from '../registry/schema-table.ts'
import { openAlerter } from './alerts/alerter.ts'
import { Condition } from './condition.ts'
import { openDetector } from './detector.ts'
import type { Clock, Edge } from './edge.ts'
import { openObserver } from './observer.ts'
import { Progress } from './progress.ts'
import { openRetrainer } from './retrainer.ts'
import { runProcess } from './run-process.ts'
import type { TaskProcess } from './task.ts'
import { checkTopics, type PartitionCounts, shortenedTopics } from './topics.ts'

export type ProcessName = TaskProcess['name']

/** What the starter of processes brings along: a clock, a logger, the end, and who wants to hear of life. */
export interface Surroundings {
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly alive?: () => void
  /** Absent: source events are JSON. */
  readonly schemas?: SchemaTable
  /** Shared by all that is started; absent: counted for nobody. */
  readonly metrics?: Metrics
}

export interface RunningProcess {
  readonly name: ProcessName
  /** The topics it consumes. */
  readonly reads: readonly string[]
  readonly progress: Progress
  readonly condition: Condition
  /** Resolves after a clean stop, rejects when the process died. */
  readonly done: Promise<void>
}

const OPENERS: {
  readonly [name in ProcessName]: (
    options: AppOptions,
    partitions: PartitionCounts,
    edge: Edge,
  ) => Promise<TaskProcess>
} = {
  observer: openObserver,
  detector: openDetector,
  retrainer: openRetrainer,
  alerter: openAlerter,
}

/** What is the memory of a process from its first record on; of others it may have no right to ask. */
const READ_WHOLE: { readonly [name in ProcessName]: readonly ('references' | 'deployments')[] } = {
  observer: ['references'],
  detector: ['references', 'deployments'],
  retrainer: ['references', 'deployments'],
  alerter: [],
}

/**
 * Checks the topics, then starts the given processes on one log. One that dies stops the others: half a
 * pipeline that looks alive is worse than none.
 * @throws TOPIC_MISSING, TOPIC_PARTITIONS_MISMATCH before anything is started
 */
export async function startProcesses(
  names: readonly ProcessName[],
  log: Log,
  options: AppOptions,
  surroundings: Surroundings,
): Promise<RunningProcess[]> {
  const partitions = await checkTopics(log, options.topics.names)
  const whole = new Set(names.flatMap((name) => READ_WHOLE[name].map((key) => options.topics.names[key])))
  for (const topic of await shortenedTopics(log, [...whole])) {
    surroundings.logger.warn({ topic }, 'the beginning of a topic that is to be kept for ever is gone')
  }
  const failure = new AbortController()
  const signal = AbortSignal.any([surroundings.signal, failure.signal])
  const running: RunningProcess[] = []
  const metrics = surroundings.metrics ?? new Metrics()
  const alive = surroundings.alive ?? (() => {})
  for (const name of names) {
    const progress = new Progress()
    const condition = new Condition(name)
    const logger = surroundings.logger.child({ process: name })
    const edge: Edge = {
      log,
      clock: surroundings.clock,
      logger,
      flush: options.flush,
      outageMaxMs: options.kafka.outageMaxMs,
      ...(surroundings.schemas && { schemas: surroundings.schemas }),
      progress,
      metrics,
      condition,
      signal,
      alive: () => {
        condition.turned()
        alive()
      },
    }
    const process = await OPENERS[name](options, partitions, edge)
    metrics.collect((set) => tellCondition(condition, set))
    const done = runProcess(process, edge)
    done.catch(() => failure.abort())
    running.push({ name, reads: process.topics, progress, condition, done })
  }
  return running
}

function tellCondition(condition: Condition, set: SetMetric): void {
  const { process, tasks, restoring } = condition.report()
  set(METRICS.ready, { process }, condition.isReady ? 1 : 0)
  set(METRICS.tasks, { process }, tasks)
  for (const { task, share } of restoring) set(METRICS.restored, { process, task: String(task) }, share)
}
