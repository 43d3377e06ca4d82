import type { Cluster } from './cluster.ts'
import { API } from './kafka-proxy.ts'
import type { LogLine, Worker } from './worker.ts'

/** Nothing reaches the broker any more, nothing comes back, or the process knows that it is written. */
export const STRIKE_MOMENTS = ['before the commit', 'commit unanswered', 'after the commit'] as const
export type StrikeMoment = (typeof STRIKE_MOMENTS)[number]

/** What tells that the transaction under way is the one to be struck. */
export interface Due {
  /** A line of the process's own log. */
  readonly says?: (line: LogLine) => boolean
  /** Something is written to this topic. */
  readonly writes?: string
}

/** A process that waits for its fate. */
export interface Struck {
  /** Resolves when the process is cut off; it lives on until it is killed, and nobody hears it. */
  readonly struck: Promise<void>
  /** Lets it go. */
  disarm(): void
}

/** Cuts a process off at the end of the first transaction that is due. */
export function strikeTransaction(cluster: Cluster, process: Worker, moment: StrikeMoment, due: Due): Struck {
  let isDue = false
  let isOver = false
  process.onLine((line) => {
    if (due.says?.(line) === true) isDue = true
  })
  let end: () => void = () => {}
  const struck = new Promise<void>((resolve) => {
    end = cluster.watch(({ direction, api, clientId, bytes }) => {
      if (isOver || clientId !== process.name) return 'pass'
      if (due.writes !== undefined && direction === 'request' && api === API.produce) {
        isDue ||= bytes.includes(due.writes)
      }
      if (!isDue || api !== API.endTransaction) return 'pass'
      if (direction !== (moment === 'before the commit' ? 'request' : 'answer')) return 'pass'
      isOver = true
      end()
      const strike = () => {
        cluster.blackHole(process.name)
        resolve()
      }
      // This one answer still arrives.
      if (moment === 'after the commit') setImmediate(strike)
      else strike()
      return 'pass'
    })
  })
  return {
    struck,
    disarm() {
      isOver = true
      end()
    },
  }
}
