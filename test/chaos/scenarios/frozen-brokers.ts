import { setTimeout as sleep } from 'node:timers/promises'
import { DriftstreamError } from '../../../src/errors/driftstream-error.ts'
import type { Field } from '../field.ts'
import { allInSync } from '../in-sync.ts'
import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

/** Longer than sessions (6 s), transactions (10 s) and the patience with one request (15 s, and its repeat). */
const FROZEN_MS = 40_000
const AWAKE_MS = 5_000
const ROUND_EVENTS = 250
const ROUND_MS = 250
const PATIENCE_MS = 180_000

/**
 * Every broker, one after the other, is frozen in mid-work and woken. Nothing tells its clients: its kernel keeps
 * their connections, takes what they write and further connections too, and answers nothing. Of three brokers
 * the leaders and coordinators move meanwhile, and the one that wakes takes itself for a leader still; with one
 * broker everybody waits. A producer goes on through all of it.
 */
export const frozenBrokers: Scenario = {
  id: 'T21',
  name: 'frozen brokers',
  brokers: 3,
  inQuick: false,
  async play({ cluster, open, quick }) {
    const field = await open({ name: 't21', flushEvents: 250 })
    const workers = [field.start('observe'), field.start('observe'), field.start('detect')]
    await Promise.all(workers.map((worker) => worker.assigned()))
    const over = new AbortController()
    const producing = goOn(field, over.signal)
    // Awaited at the end: what fails before then must not end the run.
    producing.catch(() => {})
    const wentOn: number[] = []
    const recovered: number[] = []
    try {
      for (const node of cluster.nodes) {
        await sleep(AWAKE_MS)
        const known = await endsOf(field)
        await node.kill('SIGSTOP')
        const frozenAt = performance.now()
        const goingOn = countedUpTo(field, known).then((at) => void wentOn.push(at - frozenAt))
        goingOn.catch(() => {})
        await sleep(quick ? FROZEN_MS / 2 : FROZEN_MS)
        await node.kill('SIGCONT')
        const wokenAt = performance.now()
        await allInSync(cluster.direct, Object.values(field.names))
        await goingOn
        recovered.push((await countedUpTo(field, await endsOf(field))) - wokenAt)
      }
    } finally {
      over.abort()
    }
    const slowestSend = await producing
    await field.reached(1, PATIENCE_MS)
    await field.reached(1, PATIENCE_MS, [`${field.options.name}.detector`, [field.names.sketches]])
    const told = workers.filter(({ lines }) => lines.some(({ code }) => code === 'LOG_UNAVAILABLE')).length
    return {
      verdict: await field.verdict(),
      measured: {
        'went on after': wentOn.map(seconds).join(', '),
        'all done after the waking': recovered.map(seconds).join(', '),
        'slowest send': seconds(slowestSend),
        'sent again': field.sentAgain,
        'told by': told,
      },
      faults: workers.flatMap((worker) =>
        worker.isRunning ? [] : [`${worker.name} has ended by itself\n${worker.tail()}`],
      ),
    }
  },
}

/** Produces until told to stop; how long the slowest send took, ms. */
async function goOn(field: Field, signal: AbortSignal): Promise<number> {
  let slowest = 0
  while (!signal.aborted) {
    const startedAt = performance.now()
    await field.produce(ROUND_EVENTS)
    slowest = Math.max(slowest, performance.now() - startedAt)
    await sleep(ROUND_MS)
  }
  return slowest
}

/** Where the partitions of the features end. */
async function endsOf(field: Field): Promise<ReadonlyMap<number, number>> {
  const ends = await field.log.offsets(field.names.features)
  return new Map(ends.map(({ partition, high }) => [partition, high]))
}

/** Resolves when the observers have committed all of it, with the time. The checker's own questions may fail. */
async function countedUpTo(field: Field, ends: ReadonlyMap<number, number>): Promise<number> {
  const topic = field.names.features
  const places = [...ends.keys()].map((partition) => ({ topic, partition }))
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      const committed = await field.log.committed(field.group, places)
      if (committed.every(({ partition, offset }) => offset >= ends.get(partition)!)) return performance.now()
    } catch (error) {
      if (!(error instanceof DriftstreamError) || error.code !== 'LOG_UNAVAILABLE') throw error
    }
    if (performance.now() > deadline) {
      const said = field.workers.map((worker) => `${worker.name} said\n${worker.tail()}`).join('\n')
      throw new Error(`expected ${topic} to be counted within ${PATIENCE_MS} ms, it was not\n${said}`)
    }
    await sleep(100)
  }
}
