import { setTimeout as sleep } from 'node:timers/promises'
import { allInSync } from '../in-sync.ts'
import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

/** Longer than the three seconds after which the controller takes a broker for dead. */
const DEAD_MS = 8_000

/** Of three brokers each is killed in turn while processes work: leaders and coordinators move, nothing else. */
export const leadersDie: Scenario = {
  id: 'T3',
  name: 'leaders die',
  brokers: 3,
  inQuick: false,
  async play({ cluster, open, quick }) {
    const field = await open({ name: 't3', flushEvents: 250 })
    const pair = [field.start('observe'), field.start('observe')]
    await Promise.all(pair.map((worker) => worker.assigned()))
    const stalls: number[] = []
    for (const node of cluster.nodes) {
      await field.produce(quick ? 5_000 : 20_000)
      await node.kill('SIGKILL')
      const startedAt = performance.now()
      const { done } = await field.progress()
      while ((await field.progress()).done <= done) await sleep(100)
      stalls.push(performance.now() - startedAt)
      await sleep(Math.max(0, DEAD_MS - (performance.now() - startedAt)))
      await node.restart()
      await allInSync(cluster.direct, Object.values(field.names))
    }
    await field.reached(1)
    const faults = pair.flatMap((worker) => (worker.isRunning ? [] : [`${worker.name} has ended`]))
    return {
      verdict: await field.verdict(),
      measured: { 'went on after': stalls.map(seconds).join(', ') },
      faults,
    }
  },
}
