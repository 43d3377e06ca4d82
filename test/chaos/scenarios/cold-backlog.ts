import { API } from '../kafka-proxy.ts'
import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

/** The configuration's own default, not the short one of the other scenarios. */
const SESSION_MS = 30_000
const MEMORY_MAX_BYTES = 512 * 2 ** 20
const BEATS_SHARE = 0.99

/** One process meets a backlog of millions: it stays small, stays in its group, and never stops to beat. */
export const coldBacklog: Scenario = {
  id: 'T10',
  name: 'cold backlog',
  brokers: 1,
  inQuick: false,
  async play({ cluster, open, quick }) {
    const events = quick ? 100_000 : 2_000_000
    // A minute of label wait: what is waited for is not the question here.
    const wanted = {
      name: 't10',
      sessionTimeout: '30s',
      transactionTimeout: '60s',
      flushInterval: '1s',
      flushEvents: 200_000,
      labelWait: '1m',
    }
    const field = await open(wanted, { eventsPerPane: 20_000 })
    await field.produce(events)
    const beats: number[] = []
    const end = cluster.watch(({ direction, api, clientId }) => {
      if (direction === 'request' && api === API.heartbeat && clientId === worker.name) {
        beats.push(performance.now())
      }
      return 'pass'
    })
    const worker = field.start('observe')
    const startedAt = performance.now()
    await field.reached(1, 900_000)
    const took = performance.now() - startedAt
    end()
    const gaps = beats
      .slice(1)
      .map((at, index) => at - beats[index]!)
      .sort((a, b) => a - b)
    const gap = gaps[Math.floor(BEATS_SHARE * (gaps.length - 1))] ?? 0
    const { peakBytes } = worker.memory()
    const faults: string[] = []
    if (peakBytes >= MEMORY_MAX_BYTES) faults.push(`expected less than 512 MiB, got ${megabytes(peakBytes)}`)
    if (worker.assignments !== 1) faults.push(`expected one assignment, got ${worker.assignments}`)
    if (gaps.length === 0) faults.push('expected heartbeats, got none')
    if (gap >= SESSION_MS / 3) faults.push(`expected beats within ${SESSION_MS / 3} ms, got ${gap} ms`)
    const measured = {
      'events a second': Math.round((1000 * events) / took),
      'peak memory': megabytes(peakBytes),
      'p99 between heartbeats': seconds(gap),
    }
    return { verdict: await field.verdict(), measured, faults }
  },
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`
}
