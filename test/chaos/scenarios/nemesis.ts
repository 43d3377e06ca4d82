import { setTimeout as sleep } from 'node:timers/promises'
import type { Field } from '../field.ts'
import { openForeignProducer, sendEvent } from '../foreign-producer.ts'
import type { Arena, Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'
import type { Worker } from '../worker.ts'

const CLIENTS = 4
const TURN_MS = 15_000
const FROZEN_MIN_MS = 5_000
const FROZEN_MAX_MS = 20_000
const ROUND_EVENTS = 500
const ABORTED_EVENTS = 5

/**
 * Four processes on three brokers, and somebody who freezes, kills or cuts one of them off every fifteen
 * seconds, at random. Among the events lie those of a producer that aborts all it writes.
 */
export const nemesis: Scenario = {
  id: 'T15',
  name: 'nemesis',
  brokers: 3,
  inQuick: false,
  async play(arena) {
    const { cluster, open, quick } = arena
    const field = await open({ name: 't15', partitions: 6, flushEvents: 500 })
    const clients = Array.from({ length: CLIENTS }, () => field.start('observe'))
    await clients[0]!.assigned()
    const aborter = await openForeignProducer(cluster.direct, `${field.options.name}-aborter`)
    let aborted = 0
    const abort = async () => {
      const transaction = await aborter.transaction()
      for (let event = 0; event < ABORTED_EVENTS; event++) {
        await sendEvent(transaction, field, 10_000_000 + aborted++)
      }
      await transaction.abort()
    }
    const endsAt = performance.now() + (quick ? 60_000 : 300_000)
    const strikes = { frozen: 0, killed: 0, 'cut off': 0 }
    const strikesUnderWay: Promise<void>[] = []
    const failed: unknown[] = []
    let struckAt = performance.now()
    while (performance.now() < endsAt) {
      await Promise.all([field.produce(ROUND_EVENTS), abort(), sleep(250)])
      if (performance.now() - struckAt < TURN_MS) continue
      struckAt = performance.now()
      // Awaited at the end: what fails before then must not end the run.
      strikesUnderWay.push(strike(arena, field, clients, strikes).catch((error) => void failed.push(error)))
    }
    await Promise.all(strikesUnderWay)
    await aborter.disconnect()
    // Behind the last records there are markers, which nobody commits; records are.
    await field.produce(ROUND_EVENTS)
    const recovery = await field.reached(1, 180_000)
    const faults = clients.flatMap((client) =>
      client.isRunning ? [] : [`${client.name} has ended by itself\n${client.tail()}`],
    )
    faults.push(...failed.map((error) => `a strike failed: ${error}`))
    return {
      verdict: await field.verdict(),
      measured: { ...strikes, aborted, 'recovered in': seconds(recovery) },
      faults,
    }
  },
}

async function strike(
  { cluster, random }: Arena,
  field: Field,
  clients: Worker[],
  strikes: { frozen: number; killed: number; 'cut off': number },
): Promise<void> {
  const index = Math.floor(random() * clients.length)
  const victim = clients[index]!
  const lastsMs = FROZEN_MIN_MS + random() * (FROZEN_MAX_MS - FROZEN_MIN_MS)
  const kind = Math.floor(3 * random())
  if (kind === 0) {
    strikes.killed++
    await victim.kill()
    clients[index] = field.start('observe')
  } else if (kind === 1) {
    strikes.frozen++
    victim.signal('SIGSTOP')
    await sleep(lastsMs)
    victim.signal('SIGCONT')
  } else {
    strikes['cut off']++
    cluster.blackHole(victim.name)
    await sleep(lastsMs)
    cluster.heal(victim.name)
  }
}
