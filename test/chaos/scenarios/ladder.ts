import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

/** A group grows from one process to three and shrinks again by being killed, over nine partitions. */
export const ladder: Scenario = {
  id: 'T2',
  name: 'ladder',
  brokers: 1,
  inQuick: false,
  async play({ open, quick }) {
    const field = await open({ name: 't2', partitions: 9 })
    await field.produce(quick ? 20_000 : 100_000)
    const first = field.start('observe')
    await field.reached(0.15)
    const second = field.start('observe')
    await field.reached(0.3)
    const third = field.start('observe')
    await field.reached(0.45)
    await third.kill()
    await field.reached(0.6)
    await first.kill()
    await field.reached(0.75)
    await second.kill()
    field.start('observe')
    const recovery = await field.reached(1)
    return {
      verdict: await field.verdict(),
      measured: { 'kills 3, done after the last in': seconds(recovery) },
    }
  },
}
