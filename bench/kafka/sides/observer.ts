import { createLogger, openLog, readOptions } from '../../../src/cli/setting.ts'
import { SYSTEM_CLOCK } from '../../../src/consumers/edge.ts'
import { startProcesses } from '../../../src/consumers/start.ts'
import type { GroupConsumer, Log } from '../../../src/log/port.ts'

/**
 * What `driftstream observe` runs, until so many records are counted and committed: transactions, flushes,
 * deltas and all. The topic holds more than is measured, so the wait for the last flush of a drained topic is
 * not in it. Arguments: configuration, records.
 */
const [, , path = '', expected = ''] = process.argv
const options = readOptions(path)
const logger = createLogger(options.log)
const now = () => performance.timeOrigin + performance.now()
const stop = new AbortController()
let firstReadAt = 0
let cpuBefore = process.cpuUsage()

const opened = await openLog(options, logger)

function watched(consumer: GroupConsumer): GroupConsumer {
  return {
    seek: (position) => consumer.seek(position),
    pause: (at) => consumer.pause(at),
    resume: (at) => consumer.resume(at),
    close: () => consumer.close(),
    poll: async (timeoutMs) => {
      const poll = await consumer.poll(timeoutMs)
      if (poll.kind === 'records' && firstReadAt === 0) {
        firstReadAt = now()
        cpuBefore = process.cpuUsage()
      }
      return poll
    },
  }
}

const log: Log = new Proxy(opened, {
  get(target, name) {
    if (name === 'join') return async (group: never) => watched(await target.join(group))
    const value = Reflect.get(target, name)
    return typeof value === 'function' ? value.bind(target) : value
  },
})
const surroundings = { clock: SYSTEM_CLOCK, logger, signal: stop.signal }
const [observer] = await startProcesses(['observer'], log, options, surroundings)
const { progress, done } = observer!

const committed = new Map<number, number>()
let isReported = false
const advance = progress.advance.bind(progress)
progress.advance = (processed, written) => {
  advance(processed, written)
  for (const { topic, partition, offset } of processed) {
    if (topic === options.topics.names.features) committed.set(partition, offset)
  }
  const records = [...committed.values()].reduce((sum, offset) => sum + offset, 0)
  if (isReported || records < Number(expected)) return
  isReported = true
  const { user, system } = process.cpuUsage(cpuBefore)
  process.send?.({
    launchedAt: performance.timeOrigin,
    firstReadAt,
    endedAt: now(),
    cpuMicroseconds: user + system,
    records,
  })
}
process.once('message', () => stop.abort())
// Whoever started it is gone: nobody would stop it.
process.once('disconnect', () => process.exit(1))
await done
await opened.close()
process.exit(0)
