import { openForeignProducer, sendEvent } from '../foreign-producer.ts'
import { API } from '../kafka-proxy.ts'
import type { Arena, Outcome, Scenario } from '../scenario.ts'
import { eventOf, featureOf } from '../stream.ts'
import { together } from '../verdict.ts'
import type { Worker } from '../worker.ts'

const PRODUCERS = 3
const ABORT_SHARE = 0.3
const TRANSACTION_EVENTS = 6

/**
 * Three producers write the source in transactions that lie across one another, and abort three in ten; then
 * three processes have three in ten of their flushes aborted. What was aborted counts nowhere, and a detector
 * that follows finds every delta continuing the one before.
 */
export const abortedNeighbours: Scenario = {
  id: 'T6',
  name: 'aborted neighbours',
  brokers: 1,
  inQuick: true,
  async play(arena) {
    const sources = await abortedSources(arena)
    const flushes = await abortedFlushes(arena)
    return {
      verdict: together(sources.verdict, flushes.verdict),
      measured: { ...sources.measured, ...flushes.measured },
      faults: [...sources.faults!, ...flushes.faults!],
    }
  },
}

async function abortedSources({ cluster, open, quick, random }: Arena): Promise<Outcome> {
  const field = await open({ name: 't6', partitions: 2 })
  const observer = field.start('observe')
  const detector = field.start('detect')
  await Promise.all([observer.assigned(), detector.assigned()])
  const ids = Array.from({ length: PRODUCERS }, (_, index) => `${field.options.name}-${index}`)
  const producers = await Promise.all(ids.map((id) => openForeignProducer(cluster.direct, id)))
  let number = 0
  let aborted = 0
  const rounds = quick ? 40 : 400
  for (let round = 0; round < rounds; round++) {
    const transactions = await Promise.all(producers.map((producer) => producer.transaction()))
    const written = transactions.map(() => [] as number[])
    for (let event = 0; event < TRANSACTION_EVENTS; event++) {
      for (const [index, transaction] of transactions.entries()) {
        await sendEvent(transaction, field, number)
        written[index]!.push(number++)
      }
    }
    for (const [index, transaction] of transactions.entries()) {
      if (random() < ABORT_SHARE) {
        await transaction.abort()
        aborted++
        continue
      }
      await transaction.commit()
      for (const one of written[index]!) {
        const event = eventOf(field.plan, one)
        field.oracle.addFeature(event, featureOf(event, field.features).partition)
      }
    }
  }
  await Promise.all(producers.map((producer) => producer.disconnect()))
  // Behind the last records there are markers, which nobody commits; records are.
  const tail = Array.from({ length: 50 }, (_, index) => eventOf(field.plan, number + index))
  for (const event of tail) {
    const record = featureOf(event, field.features)
    await field.producer.send([record])
    field.oracle.addFeature(event, record.partition)
  }
  await field.reached(1)
  return {
    verdict: await field.verdict(),
    measured: { aborted, 'of transactions': rounds * PRODUCERS },
    faults: brokenOff(detector),
  }
}

/** The processes' own transactions: cut off between their records and their offsets, they cannot be committed. */
async function abortedFlushes({ cluster, open, quick, random }: Arena): Promise<Outcome> {
  const field = await open({ name: 't6-flushes', partitions: 3 })
  const detector = field.start('detect')
  const observers = Array.from({ length: PRODUCERS }, () => field.start('observe'))
  await Promise.all(observers.map((worker) => worker.says(({ msg }) => msg === 'tasks assigned')))
  let flushes = 0
  let cut = 0
  const end = cluster.watch(({ direction, api, clientId }) => {
    if (api !== API.commitOffsets || direction !== 'request' || !clientId.startsWith('observe')) return 'pass'
    flushes++
    if (random() >= ABORT_SHARE) return 'pass'
    cut++
    return 'cut'
  })
  while (cut < (quick ? 5 : 50)) await field.produce(100)
  end()
  await field.reached(1)
  const last = `${field.options.name}.detector`
  await field.reached(1, 60_000, [last, [field.names.sketches]])
  return {
    verdict: await field.verdict(),
    measured: { 'aborted flushes': cut, 'of flushes': flushes },
    faults: brokenOff(detector),
  }
}

/** What a detector says when deltas do not continue one another. */
function brokenOff({ lines }: Worker): string[] {
  return lines
    .filter(({ msg }) => msg.includes('offsets are missing') || msg.includes('merged before'))
    .map(({ msg }) => `the detector says: ${msg}`)
}
