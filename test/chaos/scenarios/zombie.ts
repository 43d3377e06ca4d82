import { setTimeout as sleep } from 'node:timers/promises'
import type { Field } from '../field.ts'
import { API } from '../kafka-proxy.ts'
import type { Arena, Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'
import { together } from '../verdict.ts'

const SESSION_MS = 4_000

/**
 * An owner is frozen between its records and its offsets, for longer than its session; another takes over.
 * The frozen one wakes after the new owner's flush, then, in a second round, in the middle of one. In a third
 * the owner's commit is held up on its way, and arrives when the new owner is about to take over.
 */
export const zombie: Scenario = {
  id: 'T4',
  name: 'zombie',
  brokers: 1,
  inQuick: true,
  async play(arena) {
    const field = await arena.open({ name: 't4', sessionTimeout: '4s', transactionTimeout: '30s' })
    const takeovers: number[] = []
    for (const wakes of ['after a flush', 'during a flush'] as const) {
      takeovers.push(await freezeAndWake(arena, field, wakes))
      for (const worker of field.workers) await worker.kill()
    }
    const verdict = await field.verdict()
    const late = await arena.open({
      name: 't4-late',
      partitions: 1,
      sessionTimeout: '4s',
      transactionTimeout: '30s',
    })
    await arriveLate(arena, late)
    const lateVerdict = await late.verdict()
    const fenced = field.workers.filter(({ lines }) => lines.some(({ code }) => code === 'PRODUCER_FENCED'))
    const faults = fenced.length === 0 ? ['expected a fenced producer, nobody was fenced'] : []
    return {
      verdict: together(verdict, lateVerdict),
      measured: { fenced: fenced.length, 'taken over in': takeovers.map(seconds).join(' and ') },
      faults,
    }
  },
}

/** Returns how long the others took to commit more than the frozen one had. */
async function freezeAndWake(
  { cluster, quick }: Arena,
  field: Field,
  wakes: 'after a flush' | 'during a flush',
): Promise<number> {
  const old = field.start('observe')
  await old.assigned()
  const frozen = new Promise<void>((resolve) => {
    const end = cluster.watch(({ direction, api, clientId }) => {
      if (clientId !== old.name || api !== API.addOffsets || direction !== 'request') return 'pass'
      old.signal('SIGSTOP')
      end()
      resolve()
      return 'pass'
    })
  })
  await field.produce(quick ? 5_000 : 30_000)
  await frozen
  const startedAt = performance.now()
  const { done } = await field.progress()
  const successor = field.start('observe')
  while ((await field.progress()).done <= done) await sleep(50)
  const takeover = performance.now() - startedAt
  await sleep(Math.max(0, 2 * SESSION_MS - takeover))
  if (wakes === 'during a flush') {
    const flushing = new Promise<void>((resolve) => {
      const end = cluster.watch(({ direction, api, clientId }) => {
        if (clientId !== successor.name || api !== API.addOffsets || direction !== 'request') return 'pass'
        end()
        resolve()
        return 'pass'
      })
    })
    await field.produce(1_000)
    await flushing
  }
  old.signal('SIGCONT')
  await field.produce(1_000)
  await field.reached(1)
  return takeover
}

/**
 * A commit that is under way when the new owner comes decides where the new owner has to begin: it must be
 * settled, by fencing its producer, before the committed offset is read.
 */
async function arriveLate({ cluster }: Arena, field: Field): Promise<void> {
  const old = field.start('observe')
  await old.assigned()
  const held = new Promise<void>((resolve) => {
    const end = cluster.watch(({ direction, api, clientId }) => {
      if (clientId !== old.name || api !== API.endTransaction || direction !== 'request') return 'pass'
      cluster.blackHole(old.name)
      end()
      resolve()
      return 'pass'
    })
  })
  await field.produce(500)
  await held
  const successor = field.start('observe')
  const arrived = new Promise<void>((resolve) => {
    const end = cluster.watch(({ direction, api, clientId }) => {
      if (clientId !== successor.name || api !== API.initProducerId || direction !== 'request') return 'pass'
      cluster.heal(old.name)
      end()
      resolve()
      return 'late'
    })
  })
  await arrived
  await successor.assigned()
  await field.produce(500)
  await field.reached(1)
  await old.kill()
  await successor.kill()
}
