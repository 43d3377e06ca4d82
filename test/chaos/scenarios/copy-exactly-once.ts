import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

const ROUNDS = 3

/** Two processes are killed by turns while events come: what is committed is every event once. */
export const copyExactlyOnce: Scenario = {
  id: 'T1',
  name: 'copy exactly once',
  brokers: 1,
  inQuick: true,
  async play({ open, quick }) {
    const field = await open({ name: 't1', flushEvents: quick ? 150 : 750 })
    const quarter = quick ? 5_000 : 25_000
    const pair = [field.start('observe'), field.start('observe')]
    await Promise.all(pair.map((worker) => worker.assigned()))
    let inMidWork = 0
    for (let round = 0; round < ROUNDS; round++) {
      const before = (await field.progress()).done
      const producing = field.produce(quarter)
      while ((await field.progress()).done === before) await sleep(5)
      const struck = round % 2
      await pair[struck]!.kill()
      await producing
      const { done, total } = await field.progress()
      if (done < total) inMidWork++
      pair[struck] = field.start('observe')
    }
    await field.produce(quarter)
    const recovery = await field.reached(1)
    return {
      verdict: await field.verdict(),
      measured: { kills: ROUNDS, 'in mid-work': inMidWork, 'done after the last in': seconds(recovery) },
    }
  },
}
