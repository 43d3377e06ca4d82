import type { Frame } from '../kafka-proxy.ts'
import { API } from '../kafka-proxy.ts'
import type { Scenario } from '../scenario.ts'

type Point = Pick<Frame, 'direction' | 'api'> & { readonly name: string; readonly arrives: boolean }

/** Where in a flush the process dies: at this frame, which still arrives or does not. */
const POINTS: readonly Point[] = [
  { name: 'before the send', direction: 'request', api: API.produce, arrives: false },
  { name: 'after the send', direction: 'answer', api: API.produce, arrives: false },
  { name: 'after the offsets', direction: 'answer', api: API.commitOffsets, arrives: false },
  { name: 'during the commit', direction: 'answer', api: API.endTransaction, arrives: false },
  { name: 'after the commit', direction: 'answer', api: API.endTransaction, arrives: true },
]

/** A process is killed at five points of a flush, again and again; then one loses its commit, and the answer to
 * the next, and lives on. */
export const crashPoints: Scenario = {
  id: 'T5',
  name: 'crash points',
  brokers: 1,
  inQuick: true,
  async play({ cluster, open, quick }) {
    const field = await open({
      name: 't5',
      partitions: 1,
      sessionTimeout: '2s',
      transactionTimeout: '10s',
      flushInterval: '50ms',
    })
    const repeats = quick ? 1 : 20
    let crashes = 0
    let unclear = 0
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const point of POINTS) {
        const worker = field.start('observe')
        await worker.assigned()
        const died = struckAt(point, worker.name, () => worker.signal('SIGKILL'))
        await field.produce(50)
        await died
        await worker.exited
        crashes++
      }
      const survivor = field.start('observe')
      await survivor.assigned()
      for (const direction of ['request', 'answer'] as const) {
        const commit = { ...POINTS[3]!, direction }
        const lost = struckAt(commit, survivor.name, () => {})
        await field.produce(50)
        await lost
        await field.reached(1)
        unclear++
      }
      await survivor.kill()
    }
    if (!quick) {
      // Nobody cuts the connection either: the client finds out by its own patience of half a minute.
      const patient = field.start('observe')
      await patient.assigned()
      const silence = struckAt(POINTS[3]!, patient.name, () => {}, 'drop')
      await field.produce(50)
      await silence
      unclear++
      await field.reached(1)
    }
    return {
      verdict: await field.verdict(),
      measured: { crashes, 'commits unclear': unclear },
    }

    /** Resolves when the frame came by, once. */
    function struckAt(
      point: Point,
      client: string,
      strike: () => void,
      loss: 'cut' | 'drop' = 'cut',
    ): Promise<void> {
      return new Promise((resolve) => {
        const end = cluster.watch(({ direction, api, clientId }) => {
          if (clientId !== client || api !== point.api || direction !== point.direction) return 'pass'
          end()
          strike()
          resolve()
          return point.arrives ? 'pass' : loss
        })
      })
    }
  },
}
