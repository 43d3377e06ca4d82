import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

/** Two processes work off a backlog and are killed by turns: what is committed is every event once. */
export const copyExactlyOnce: Scenario = {
  id: 'T1',
  name: 'copy exactly once',
  brokers: 1,
  inQuick: true,
  async play({ open, quick }) {
    const field = await open({ name: 't1' })
    await field.produce(quick ? 20_000 : 100_000)
    const pair = [field.start('observe'), field.start('observe')]
    for (const [round, share] of [0.2, 0.4, 0.6].entries()) {
      await field.reached(share)
      const struck = round % 2
      await pair[struck]!.kill()
      pair[struck] = field.start('observe')
    }
    const recovery = await field.reached(1)
    return {
      verdict: await field.verdict(),
      measured: { 'kills 3, done after the last in': seconds(recovery) },
    }
  },
}
