import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const TURN_MS = 3_000
const WINDOW_TURNS = 5

/**
 * Every three seconds a process joins or leaves, politely, while events come: work goes on all the time. One
 * that has joined leaves when it has been given something to do, or its coming would disturb nobody.
 */
export const joinsAndLeaves: Scenario = {
  id: 'T7',
  name: 'joins and leaves',
  brokers: 1,
  inQuick: false,
  async play({ open, quick }) {
    const field = await open({ name: 't7', flushEvents: 5_000 })
    const stayer = field.start('observe')
    await stayer.assigned()
    let guest: ReturnType<typeof field.start> | null = null
    const turns = quick ? 10 : 40
    const counts: number[] = []
    const leaving: Promise<unknown>[] = []
    for (let turn = 0; turn < turns; turn++) {
      if (guest === null) guest = field.start('observe')
      else {
        await guest.assigned()
        guest.signal('SIGTERM')
        leaving.push(guest.exited)
        guest = null
      }
      const next = sleep(TURN_MS)
      await field.produce(quick ? 2_000 : 6_000)
      await next
      counts.push((await field.progress()).done)
    }
    await Promise.all(leaving)
    await field.reached(1)
    const faults: string[] = []
    if (!stayer.isRunning) faults.push('the process that stays has ended')
    if (stayer.assignments < turns) {
      faults.push(`expected as many assignments as turns, got ${stayer.assignments} in ${turns}`)
    }
    for (let turn = WINDOW_TURNS; turn < turns; turn++) {
      if (counts[turn]! <= counts[turn - WINDOW_TURNS]!)
        faults.push(`nothing in the 15 s before turn ${turn}`)
    }
    return { verdict: await field.verdict(), measured: { turns, assignments: stayer.assignments }, faults }
  },
}
