import type { DriftstreamError } from '../errors/driftstream-error.ts'
import type { Assigned, GroupConsumer, RecordBatch, TransactionalProducer } from '../log/port.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { SetMetric } from '../metrics/metrics.ts'
import type { Edge } from './edge.ts'
import { beginTransaction, type Flushing, hasMore, type OwnedTask } from './flushing.ts'
import { LagWatch } from './lag-watch.ts'
import { Outage } from './outage.ts'
import type { TaskProcess } from './task.ts'

/** How long a poll may wait when nothing is due; bounds the reaction to a shutdown. */
const POLL_MS = 500
/** The same while work is under way that ends without a record, or a task has something urgent to write. */
const BUSY_POLL_MS = 20

/**
 * The one loop of every process: poll, fold, flush. A flush is one transaction of a task's outputs and its
 * source positions; whatever is not flushed when ownership changes is dropped and read again by the owner.
 *
 * While a backlog is worked off, the loop goes on folding during a transaction: what it folds belongs to the
 * next one. There is never more than one under way, and it is over before ownership changes hands.
 */
export async function runProcess(process: TaskProcess, edge: Edge): Promise<void> {
  const outage = new Outage(edge, process)
  try {
    do {
      try {
        await runMembership(process, edge, outage)
      } catch (error) {
        edge.condition.enter('waiting')
        await outage.wait(error)
      }
    } while (!edge.signal.aborted)
  } catch (error) {
    edge.progress.fail(error)
    throw error
  } finally {
    edge.condition.enter('stopped')
    await process.close()
  }
  edge.progress.fail(new Error(`${process.name} has stopped`))
}

/** From joining the group to leaving it: when told to stop, or with the first error that ends it. */
async function runMembership(process: TaskProcess, edge: Edge, outage: Outage): Promise<void> {
  const { group, topics, copiesBytes: reuseBytes = false } = process
  const consumer = await edge.log.join({ group, topics, reuseBytes })
  const loop = new ProcessLoop(process, edge, consumer, outage)
  const tellNoMore = edge.metrics.collect((set) => loop.tell(set))
  try {
    await loop.run()
  } finally {
    tellNoMore()
    await loop.dropTasks()
    await consumer.close()
  }
}

class ProcessLoop {
  readonly #process: TaskProcess
  readonly #edge: Edge
  readonly #consumer: GroupConsumer
  readonly #outage: Outage
  readonly #lag: LagWatch
  readonly #tasks = new Map<number, OwnedTask>()
  /** Aborted when the present assignment is over, or the process is to stop. */
  #over: AbortSignal
  #flushing: readonly Flushing[] = []
  #eventsSinceFlush = 0
  #flushedAt = performance.now()
  /** Somebody, or the broker itself, has fenced a task of an assignment that goes on. */
  #isFenced = false

  constructor(process: TaskProcess, edge: Edge, consumer: GroupConsumer, outage: Outage) {
    this.#outage = outage
    this.#process = process
    this.#edge = edge
    this.#consumer = consumer
    this.#lag = new LagWatch(process, edge)
    this.#over = edge.signal
  }

  tell(set: SetMetric): void {
    const owned = [...this.#tasks.values()]
    const resting = owned.filter(({ task }) => task.paused).length
    set(METRICS.tasksResting, { process: this.#process.name }, resting)
    for (const { task, ranges } of owned) {
      this.#lag.tell(set, ranges.values())
      task.tell?.(set)
    }
  }

  async run(): Promise<void> {
    while (!this.#edge.signal.aborted && !this.#isFenced) {
      const poll = await this.#consumer.poll(this.#pollMs())
      if (poll.kind === 'assigned') {
        await this.#flushed()
        await this.#takeOver(poll)
      }
      if (poll.kind === 'records') await this.#fold(poll.batch)
      for (const { task } of this.#tasks.values()) task.tick()
      this.#heedPauses()
      if (this.#flushDue(poll.kind === 'idle')) await this.#beginFlush()
      // With nothing at hand to fold there is nothing to gain by not waiting.
      if (poll.kind !== 'records') await this.#flushed()
      this.#edge.progress.setBusy(this.#busy())
      this.#lag.look()
      this.#edge.alive()
    }
    // Whoever joins anew reads again what is not yet committed, and no slow broker holds that up.
    if (!this.#isFenced) await this.#beginFlush()
    await this.#flushed()
  }

  async dropTasks(): Promise<void> {
    const owned = [...this.#tasks.values()]
    this.#tasks.clear()
    // Together: a broker that is away makes every goodbye take its time.
    await Promise.all(
      owned.map(async ({ task, producer }) => {
        await task.close()
        await producer.close()
      }),
    )
  }

  async #takeOver({ partitions, over }: Assigned): Promise<void> {
    const { condition, metrics, logger } = this.#edge
    condition.enter('restoring')
    metrics.add(METRICS.assignments, { process: this.#process.name })
    await this.dropTasks()
    this.#eventsSinceFlush = 0
    const numbers = [...new Set(partitions.map(({ partition }) => partition))].sort((a, b) => a - b)
    this.#over = AbortSignal.any([over, this.#edge.signal])
    if (!(await this.#own(numbers))) {
      logger.info({ tasks: numbers }, 'assignment over before its tasks had their state: given up')
      return this.dropTasks()
    }
    condition.enter('running', this.#tasks.size)
    this.#outage.over()
    logger.info({ tasks: numbers }, 'tasks assigned')
  }

  /**
   * Fence the predecessor first, then read what it committed: in the other order its last flush is lost.
   * Producers open side by side, for each waits for some answers of the broker and no work is done meanwhile;
   * states are restored one after the other, for that takes memory and the reader's one connection.
   * False when the assignment was over before that: a restore may take long.
   */
  async #own(partitions: readonly number[]): Promise<boolean> {
    // Who fences now might fence the owner that came after.
    if (this.#over.aborted) return false
    const { log } = this.#edge
    const opening = partitions.map((partition) =>
      log.openTransactional(`${this.#process.group}.${partition}`),
    )
    const opened = await Promise.allSettled(opening)
    const waiting = new Set(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
    try {
      // The first that failed, when all have come to an end: none may be left open.
      for (const [index, producer] of (await Promise.all(opening)).entries()) {
        await this.#build(partitions[index]!, producer)
        waiting.delete(producer)
      }
      return true
    } catch (error) {
      await Promise.all([...waiting].map((producer) => producer.close()))
      if (this.#over.aborted && error === this.#over.reason) return false
      throw error
    }
  }

  async #build(partition: number, producer: TransactionalProducer): Promise<void> {
    const committed = await this.#edge.log.committed(
      this.#process.group,
      this.#process.topics.map((topic) => ({ topic, partition })),
    )
    const task = await this.#process.openTask(partition, committed, this.#over)
    const ranges = new Map(
      committed.map(({ topic, offset }) => [topic, { topic, partition, from: offset, to: offset }] as const),
    )
    for (const position of committed) {
      this.#consumer.seek(position)
      this.#consumer.resume(position)
    }
    // A commit whose answer was lost is known here, and nowhere else.
    this.#edge.progress.advance(committed, [])
    this.#tasks.set(partition, { task, producer, ranges, isPaused: false })
  }

  async #fold(batch: RecordBatch): Promise<void> {
    const owned = this.#tasks.get(batch.partition)
    const range = owned?.ranges.get(batch.topic)
    if (owned === undefined || range === undefined || owned.isPaused) return
    // The first batch after a (re)join may have been fetched before the seek: fold only what continues.
    const first = batch.records[0]?.offset ?? batch.nextOffset
    if (batch.nextOffset <= range.to) return
    const records =
      first < range.to ? batch.records.filter(({ offset }) => offset >= range.to) : batch.records
    if (owned.task.canFold?.(batch) === false) return
    await owned.task.fold({ ...batch, records })
    owned.ranges.set(batch.topic, { ...range, to: batch.nextOffset })
    this.#eventsSinceFlush += records.length
    const labels = { process: this.#process.name, topic: batch.topic }
    this.#edge.metrics.add(METRICS.recordsRead, labels, records.length)
  }

  /** A task that wants a rest keeps its membership and its place; what was fetched meanwhile is read again. */
  #heedPauses(): void {
    for (const owned of this.#tasks.values()) {
      const { paused } = owned.task
      if (paused === owned.isPaused) continue
      owned.isPaused = paused
      for (const { topic, partition, to } of owned.ranges.values()) {
        if (paused) this.#consumer.pause({ topic, partition })
        else {
          this.#consumer.resume({ topic, partition })
          this.#consumer.seek({ topic, partition, offset: to })
        }
      }
    }
  }

  #pollMs(): number {
    const { intervalMs } = this.#edge.flush
    if (this.#busy() || this.#urgent()) return BUSY_POLL_MS
    if (!this.#dirty()) return POLL_MS
    return Math.min(POLL_MS, Math.max(0, this.#flushedAt + intervalMs - performance.now()))
  }

  #flushDue(drained: boolean): boolean {
    const { intervalMs, eventsMax } = this.#edge.flush
    const elapsed = performance.now() - this.#flushedAt
    const { heartbeatMs } = this.#process
    if (heartbeatMs !== null && elapsed >= heartbeatMs) return true
    if (!this.#dirty()) return false
    if (this.#eventsSinceFlush >= eventsMax) return true
    // While records are at hand what they lead to is collected: a backlog is not flushed pane by pane.
    if (drained && this.#urgent()) return true
    return elapsed >= intervalMs && (intervalMs > 0 || drained)
  }

  #dirty(): boolean {
    return [...this.#tasks.values()].some(hasMore)
  }

  #urgent(): boolean {
    return [...this.#tasks.values()].some(({ task }) => task.urgent === true)
  }

  #busy(): boolean {
    return [...this.#tasks.values()].some(({ task }) => task.busy)
  }

  /** Hands over what every task has to write, to one transaction a task: together they cost the slowest's time. */
  async #beginFlush(): Promise<void> {
    await this.#flushed()
    const elapsed = performance.now() - this.#flushedAt
    const heartbeat = this.#process.heartbeatMs !== null && elapsed >= this.#process.heartbeatMs
    const due = [...this.#tasks].filter(
      ([, owned]) => owned.task.holding !== true && (heartbeat || hasMore(owned)),
    )
    await Promise.all(due.map(([, { task }]) => task.prepareFlush()))
    this.#flushing = due.map(([partition, owned]) =>
      beginTransaction(this.#process, this.#edge, partition, owned),
    )
    this.#eventsSinceFlush = 0
    this.#flushedAt = performance.now()
  }

  /** Waits for the transactions under way; whose task lost its claim is given up. */
  async #flushed(): Promise<void> {
    const flushing = this.#flushing
    this.#flushing = []
    for (const { partition, owned, ended } of flushing) {
      const error = await ended
      if (error === null) {
        owned.task.flushed?.()
        continue
      }
      if (error.fate !== 'rejoin') throw error
      await this.#giveUp(partition, owned, error)
    }
  }

  /**
   * Unclear: build the task anew from what the log says was committed. Fenced in an assignment that goes on: join
   * anew, for a broker also fences who was too slow, and then nobody works here.
   */
  async #giveUp(partition: number, owned: OwnedTask, error: DriftstreamError): Promise<void> {
    this.#edge.logger.warn({ task: partition, code: error.code }, error.message)
    this.#tasks.delete(partition)
    await owned.task.close()
    await owned.producer.close()
    this.#isFenced ||= error.code === 'PRODUCER_FENCED' && !this.#over.aborted
    // Where the assignment is over meanwhile the next one opens it.
    if (error.code === 'COMMIT_UNCLEAR') await this.#own([partition])
    this.#edge.condition.enter('running', this.#tasks.size)
  }
}
