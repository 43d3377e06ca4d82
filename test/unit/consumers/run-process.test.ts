import { describe, expect, it } from 'vitest'
import { SYSTEM_CLOCK } from '../../../src/consumers/edge.ts'
import { Progress } from '../../../src/consumers/progress.ts'
import { runProcess } from '../../../src/consumers/run-process.ts'
import type { Task, TaskProcess } from '../../../src/consumers/task.ts'
import { DriftstreamError } from '../../../src/errors/driftstream-error.ts'
import type { Flush, FlushResult, GroupConsumer, Log, Poll, Position } from '../../../src/log/port.ts'
import { observerEdge } from '../../support/observer-edge.ts'

const BATCHES = 6
const TWO_PARTITIONS = [0, 1].map((partition) => ({ topic: 'in', partition }))

/** A log with one partition of one-record batches, whose flushes end when the test says so. */
function gatedLog(committedOffset = 0) {
  const flushes: { flush: Flush; end: (error?: Error) => void }[] = []
  let at = 0
  let isAssigned = false
  const over = new AbortController()
  const seeks: number[] = []
  const records = (offset: number): Poll => ({
    kind: 'records',
    batch: {
      topic: 'in',
      partition: 0,
      records: [{ offset, timestamp: 0, key: null, value: null, headers: {} }],
      nextOffset: offset + 1,
      highWatermark: BATCHES,
    },
  })
  const consumer: GroupConsumer = {
    poll: async () => {
      await new Promise(setImmediate)
      if (!isAssigned) {
        isAssigned = true
        return {
          kind: 'assigned',
          generation: 1,
          partitions: [{ topic: 'in', partition: 0 }],
          over: over.signal,
        }
      }
      return at < BATCHES ? records(at++) : { kind: 'idle' }
    },
    seek: ({ offset }) => {
      seeks.push(offset)
      at = offset
    },
    pause: () => {},
    resume: () => {},
    close: async () => {},
  }
  const flush = (given: Flush) =>
    new Promise<FlushResult>((resolve, reject) => {
      flushes.push({
        flush: given,
        end: (error) => (error === undefined ? resolve({ written: [] }) : reject(error)),
      })
    })
  let joins = 0
  const asked: string[] = []
  const log = {
    join: async () => {
      joins++
      isAssigned = false
      return consumer
    },
    openTransactional: async () => {
      asked.push('fence')
      return { flush, close: async () => {} }
    },
    committed: async () => {
      asked.push('committed')
      return [{ topic: 'in', partition: 0, offset: committedOffset }]
    },
  } as unknown as Log
  return { log, flushes, seeks, asked, consumer, joined: () => joins }
}

/** Counts what it folds, and hands out the offsets of each flush; from some offset on others wait for it. */
function counting({ urgentFrom = Number.POSITIVE_INFINITY } = {}) {
  const folded: number[] = []
  let isUrgent = false
  const openTask = async (): Promise<Task> => ({
    pending: false,
    get urgent() {
      return isUrgent
    },
    busy: false,
    paused: false,
    fold: (batch) => {
      folded.push(...batch.records.map(({ offset }) => offset))
      isUrgent ||= folded.some((offset) => offset >= urgentFrom)
    },
    tick: () => {},
    prepareFlush: async () => {},
    take: () => {
      isUrgent = false
      return []
    },
    close: async () => {},
  })
  const process: TaskProcess = {
    name: 'observer',
    group: 'g',
    topics: ['in'],
    heartbeatMs: null,
    openTask,
    close: async () => {},
  }
  return { process, folded }
}

/** Unless told otherwise, a flush is due after every record, and only then. */
function start(log: Log, process: TaskProcess, { eventsMax = 1 } = {}) {
  const stop = new AbortController()
  const progress = new Progress()
  const edge = observerEdge(log, 0, {
    clock: SYSTEM_CLOCK,
    flush: { intervalMs: 60_000, eventsMax, snapshotBytes: 60_000 },
    progress,
    signal: stop.signal,
  })
  const running = runProcess(process, edge)
  running.catch(() => {})
  return { running, progress, stop: () => stop.abort() }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate)
}

const positionsOf = ({ flush }: { flush: Flush }) => flush.offsets!.positions.map(({ offset }) => offset)
const end: Position = { topic: 'in', partition: 0, offset: BATCHES }

describe('runProcess', () => {
  it('folds on during a flush, begins no second one before it has ended, and commits everything once', async () => {
    const { log, flushes } = gatedLog()
    const { process, folded } = counting()
    const { running, progress, stop } = start(log, process)
    await until(() => folded.length === 2)
    expect(flushes.map(positionsOf)).toEqual([[1]])
    // The second record's flush is due and waits for the first; nothing is folded meanwhile.
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    expect([folded, flushes.length]).toEqual([[0, 1], 1])
    const settled = progress.settled([end])
    for (let flush = 0; flush < BATCHES; flush++) {
      await until(() => flushes.length > flush)
      flushes[flush]!.end()
    }
    await settled
    expect(folded).toEqual([0, 1, 2, 3, 4, 5])
    expect(flushes.map(positionsOf)).toEqual([[1], [2], [3], [4], [5], [6]])
    stop()
    await running
  })

  it('waits for no interval where a task has something urgent to write, once nothing more is at hand', async () => {
    const { log, flushes } = gatedLog()
    const { process, folded } = counting({ urgentFrom: 2 })
    const { running, stop } = start(log, process, { eventsMax: 1_000 })
    await until(() => flushes.length === 1)
    // Urgent since the third record; those at hand behind it go along.
    expect(folded).toEqual([0, 1, 2, 3, 4, 5])
    expect(positionsOf(flushes[0]!)).toEqual([BATCHES])
    flushes[0]!.end()
    stop()
    await running
  })

  it('drops what it folded during a flush whose outcome stayed unclear, and reads it again', async () => {
    const { log, flushes, seeks } = gatedLog()
    const { process, folded } = counting()
    const { running, stop } = start(log, process)
    await until(() => folded.length === 2)
    flushes[0]!.end(new DriftstreamError('COMMIT_UNCLEAR', 'no answer'))
    await until(() => flushes.length === 2)
    expect(seeks).toEqual([0, 0])
    expect(folded).toEqual([0, 1, 0])
    expect(positionsOf(flushes[1]!)).toEqual([1])
    stop()
    flushes[1]!.end()
    // The last flush holds what was folded since.
    await until(() => flushes.length === 3)
    flushes[2]!.end()
    await running
  })

  it('joins anew when it is fenced in an assignment that goes on: nobody else may be working there', async () => {
    const { log, flushes, joined } = gatedLog()
    const { process, folded } = counting()
    const { running, stop } = start(log, process)
    await until(() => folded.length === 2)
    // As brokers do to a producer whose transaction took too long; the group has heard nothing of it.
    flushes[0]!.end(new DriftstreamError('PRODUCER_FENCED', 'an old epoch'))
    await until(() => flushes.length === 2)
    expect(joined()).toBe(2)
    expect(folded).toEqual([0, 1, 0])
    expect(positionsOf(flushes[1]!)).toEqual([1])
    stop()
    flushes[1]!.end()
    await until(() => flushes.length === 3)
    flushes[2]!.end()
    await running
  })

  it('fences the predecessor before it asks what that has committed', async () => {
    const { log, asked, flushes } = gatedLog()
    const { process, folded } = counting()
    const { running, stop } = start(log, process, { eventsMax: 1_000 })
    await until(() => folded.length > 0)
    expect(asked).toEqual(['fence', 'committed'])
    stop()
    await until(() => flushes.length === 1)
    flushes[0]!.end()
    await running
  })

  it('folds nothing of what was fetched before the seek to the committed offset', async () => {
    const { log, consumer, flushes } = gatedLog(3)
    const batch = (from: number, to: number): Poll => ({
      kind: 'records',
      batch: {
        topic: 'in',
        partition: 0,
        records: Array.from({ length: to - from }, (_, at) => {
          return { offset: from + at, timestamp: 0, key: null, value: null, headers: {} }
        }),
        nextOffset: to,
        highWatermark: to,
      },
    })
    const { poll } = consumer
    const polls = [poll, async () => batch(0, 2), async () => batch(1, 5), async () => batch(5, 6)]
    const idle = () => new Promise<Poll>((resolve) => setImmediate(resolve, { kind: 'idle' }))
    consumer.poll = (timeoutMs) => (polls.shift() ?? idle)(timeoutMs)
    const { process, folded } = counting()
    const { running, stop } = start(log, process, { eventsMax: 1_000 })
    await until(() => polls.length === 0 && folded.length > 2)
    expect(folded).toEqual([3, 4, 5])
    stop()
    await until(() => flushes.length === 1)
    flushes[0]!.end()
    await running
  })

  it('ends with the error of a flush that nothing can mend', async () => {
    const { log, flushes } = gatedLog()
    const { process, folded } = counting()
    const { running } = start(log, process)
    await until(() => folded.length === 2)
    flushes[0]!.end(new TypeError('broken'))
    await expect(running).rejects.toMatchObject({
      code: 'STATE_IMPOSSIBLE',
      message: 'while flushing: TypeError: broken',
    })
  })

  it('ends what is under way before it stops', async () => {
    const { log, flushes } = gatedLog(BATCHES - 1)
    const { process, folded } = counting()
    const { running, progress, stop } = start(log, process)
    await until(() => flushes.length === 1)
    expect(folded).toEqual([5])
    const settled = progress.settled([end])
    stop()
    flushes[0]!.end()
    await running
    await expect(settled).resolves.toBeUndefined()
  })

  it('drops every task with the next assignment, kept ones too, before it owns anything of that', async () => {
    const events: string[] = []
    const assigned = [TWO_PARTITIONS, TWO_PARTITIONS.slice(0, 1)]
    const log = {
      join: async () => ({
        poll: async (): Promise<Poll> => {
          await new Promise(setImmediate)
          const partitions = assigned.shift()
          if (partitions === undefined) return { kind: 'idle' }
          return { kind: 'assigned', generation: 1, partitions, over: new AbortController().signal }
        },
        seek: () => {},
        resume: () => {},
        close: async () => {},
      }),
      openTransactional: async (id: string) => {
        events.push(`open ${id}`)
        return { flush: async () => ({ written: [] }), close: async () => void events.push(`close ${id}`) }
      },
      committed: async (_: string, at: readonly Position[]) => at.map((each) => ({ ...each, offset: 0 })),
    } as unknown as Log
    const { running, stop } = start(log, counting().process)
    await until(() => events.length === 5)
    expect(events.slice(0, 2)).toEqual(['open g.0', 'open g.1'])
    expect(events.slice(2, 4).sort()).toEqual(['close g.0', 'close g.1'])
    expect(events[4]).toBe('open g.0')
    stop()
    await running
  })

  it('gives up what it makes ready for an assignment that is over, and does it anew for the next', async () => {
    const reason = new DriftstreamError('ASSIGNMENT_LOST', 'over')
    const assignments = Array.from({ length: 3 }, () => new AbortController())
    const [polls, opened, closed]: [number[], number[], string[]] = [[], [], []]
    const log = {
      join: async () => ({
        poll: async (): Promise<Poll> => {
          await new Promise(setImmediate)
          const over = assignments[polls.length]?.signal
          if (over === undefined) return { kind: 'idle' }
          polls.push(opened.length)
          return { kind: 'assigned', generation: polls.length, partitions: TWO_PARTITIONS, over }
        },
        seek: () => {},
        resume: () => {},
        close: async () => {},
      }),
      openTransactional: async (id: string) => {
        opened.push(polls.length)
        return { flush: async () => ({ written: [] }), close: async () => void closed.push(id) }
      },
      committed: async (_: string, at: readonly Position[]) => at.map((each) => ({ ...each, offset: 0 })),
    } as unknown as Log
    const { process } = counting()
    const restoring: number[] = []
    const openTask: TaskProcess['openTask'] = async (partition, committed, over) => {
      restoring.push(partition)
      // The second task of the first assignment is what takes so long.
      if (polls.length === 1 && partition === 1) {
        assignments[0]!.abort(reason)
        // Known to be over before it is looked at: whoever comes next must not be fenced.
        assignments[1]!.abort(reason)
        over!.throwIfAborted()
      }
      const task = await process.openTask(partition, committed)
      return { ...task, pending: true, close: async () => void closed.push(`task ${partition}`) }
    }
    const { running, stop } = start(log, { ...process, openTask })
    await until(() => restoring.length === 4)
    expect(restoring).toEqual([0, 1, 0, 1])
    // Nothing was opened for the assignment that was over from the beginning.
    expect(opened).toEqual([1, 1, 3, 3])
    expect([...closed].sort()).toEqual(['g.0', 'g.1', 'task 0'])
    stop()
    await running
  })
})
