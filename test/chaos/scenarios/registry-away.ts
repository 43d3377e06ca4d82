import { setTimeout as sleep } from 'node:timers/promises'
import { headerText } from '../../../src/events/headers.ts'
import { startRegistry } from '../../../tools/registry/local-registry.ts'
import { framed, framedFeature } from '../../support/framed-events.ts'
import { registerSchemas } from '../../support/local-registry.ts'
import { RegistryGate } from '../../support/registry-gate.ts'
import type { Field } from '../field.ts'
import { type Scenario, seconds } from '../scenario.ts'

const UNKNOWN_ID = 999_999
const RESUME_MS = 5_000
const ASK_AGAIN_MS = 10_000
/** A timer of the process and the clock of the gate need not agree to the millisecond. */
const TIMER_MS = 50

/**
 * The schema registry goes away when half of the partitions bring a schema that is not known yet: those wait,
 * the others go on. Then it is back, and knows nothing of an id that comes again and again.
 */
export const registryAway: Scenario = {
  id: 'T19',
  name: 'schema registry away',
  brokers: 1,
  inQuick: true,
  async play({ open, quick }) {
    const registry = await startRegistry()
    const gate = await RegistryGate.open(registry.url)
    try {
      const known = await registerSchemas(registry.url, 'AVRO', 't19-avro')
      const later = await registerSchemas(registry.url, 'JSON', 't19-json')
      let isLater = false
      const field = await open({
        name: 't19',
        schemaRegistry: gate.url,
        frame: (event, partition) =>
          isLater && partition < 2
            ? framedFeature('JSON', later.feature, event)
            : framedFeature('AVRO', known.feature, event),
      })
      const worker = field.start('observe')
      await worker.assigned()
      const [before, during, after] = quick ? [2_000, 1_000, 1_000] : [40_000, 20_000, 20_000]
      await field.produce(before)
      await field.reached(1)

      const faults: string[] = []
      await gate.shut()
      isLater = true
      await field.produce(during)
      await worker.says(({ msg }) => msg.startsWith('schema registry away'))
      await sleep(quick ? 5_000 : 60_000)
      const waiting = await unread(field)
      if (!waiting.every((count, partition) => count > 0 === partition < 2)) {
        faults.push(`expected partitions 0 and 1 to wait and no other; unread: ${waiting.join(', ')}`)
      }
      await gate.reopen()
      const openedAt = performance.now()
      await worker.says(({ msg }) => msg === 'schema registry answers again')
      const resumed = performance.now() - openedAt
      if (resumed > RESUME_MS) faults.push(`expected it to go on within ${RESUME_MS} ms, it took ${resumed}`)
      const caughtUp = await field.reached(1)

      const unknown = await produceUnknown(field, quick ? 4 : 20, after)
      await field.reached(1)
      const letters = await lettersOf(field, 'SCHEMA_UNKNOWN')
      if (letters !== unknown) faults.push(`expected ${unknown} dead letters SCHEMA_UNKNOWN, got ${letters}`)
      faults.push(...hasty(gate))
      if (!worker.isRunning || worker.assignments !== 1) faults.push('expected one worker that lives on')
      const requests = gate.asked.filter(({ id }) => id === String(UNKNOWN_ID)).length
      return {
        verdict: await field.verdict(),
        measured: {
          'resumed in': seconds(resumed),
          'caught up in': seconds(caughtUp),
          'dead letters': letters,
          'requests for the unknown id': requests,
        },
        faults,
      }
    } finally {
      await gate.shut()
      await registry.stop()
    }
  },
}

/** What of the features is not committed, by partition. */
async function unread({ log, group, names }: Field): Promise<number[]> {
  const ends = await log.offsets(names.features)
  const places = ends.map(({ partition }) => ({ topic: names.features, partition }))
  const committed = await log.committed(group, places)
  return ends.map(({ partition, high }) => {
    return high - committed.find((position) => position.partition === partition)!.offset
  })
}

/** Good events, and among them some of an id that the registry does not have, every two seconds; how many. */
async function produceUnknown(field: Field, rounds: number, events: number): Promise<number> {
  let unknown = 0
  for (let round = 0; round < rounds; round++) {
    await field.produce(events / rounds)
    const value = framed(UNKNOWN_ID, Buffer.from(`round ${round}`))
    const bad = Array.from({ length: field.options.partitions }, (_, partition) => {
      return { topic: field.names.features, partition, key: null, value, timestamp: Date.now() }
    })
    await field.producer.send(bad)
    unknown += bad.length
    await sleep(2_000)
  }
  return unknown
}

async function lettersOf({ log, names }: Field, code: string): Promise<number> {
  let letters = 0
  for (const { partition, low, high } of await log.offsets(names.deadLetters)) {
    const range = { topic: names.deadLetters, partition, from: low, to: high }
    for await (const { records } of log.read([range])) {
      for (const { headers } of records) {
        if (headerText(headers, '__connect.errors.exception.class.name') === code) letters++
      }
    }
  }
  return letters
}

/** Whoever was told that there is no such id asks again no sooner than after ten seconds. */
function hasty({ asked }: RegistryGate): string[] {
  const last = new Map<string, number>()
  return asked.flatMap(({ id, at, status }) => {
    const before = last.get(id)
    if (status === 404) last.set(id, at)
    if (before === undefined || at - before >= ASK_AGAIN_MS - TIMER_MS) return []
    return [`id ${id} was asked for again after ${Math.round(at - before)} ms`]
  })
}
