import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

/** The only broker is killed in mid-work and comes back: processes wait and go on, and none ends. */
export const brokerAway: Scenario = {
  id: 'T9',
  name: 'broker away',
  brokers: 1,
  inQuick: false,
  async play({ cluster, open, quick }) {
    const field = await open({ name: 't9' })
    const pair = [field.start('observe'), field.start('observe')]
    const detector = field.start('detect')
    const all = [...pair, detector]
    await Promise.all(all.map((worker) => worker.assigned()))
    await field.produce(20_000)
    await field.reached(0.3)
    const [broker] = cluster.nodes
    await broker!.kill('SIGKILL')
    await sleep(quick ? 25_000 : 60_000)
    await broker!.restart()
    const recovery = await field.reached(1)
    const told = all.filter(({ lines }) => lines.some(({ code }) => code === 'LOG_UNAVAILABLE')).length
    const faults = all.flatMap((worker) => (worker.isRunning ? [] : [`${worker.name} has ended`]))
    if (told === 0) faults.push('expected LOG_UNAVAILABLE in the log, nobody said it')
    // All still work: what comes now is counted and judged too.
    await field.produce(2_000)
    await field.reached(1)
    await field.reached(1, 60_000, [`${field.options.name}.detector`, [field.names.sketches]])
    return { verdict: await field.verdict(), measured: { told, 'recovered in': seconds(recovery) }, faults }
  },
}
