import { openForeignProducer, sendEvent } from '../foreign-producer.ts'
import type { Scenario } from '../scenario.ts'
import { seconds } from '../scenario.ts'

const TRANSACTION_MS = 10_000

/**
 * Somebody else's producer dies in a transaction on a source topic: what comes after it waits until the
 * broker aborts it. The process says what it waits for, and goes on by itself.
 */
export const hungTransaction: Scenario = {
  id: 'T11',
  name: 'hung transaction',
  brokers: 1,
  inQuick: true,
  async play({ cluster, open, quick }) {
    const field = await open({ name: 't11' })
    const worker = field.start('observe')
    await worker.assigned()
    await field.produce(1_000)
    await field.reached(1)

    const id = `${field.options.name}-hung`
    const producer = await openForeignProducer(cluster.direct, id, TRANSACTION_MS)
    const transaction = await producer.transaction()
    for (let partition = 0; partition < field.options.partitions; partition++) {
      await sendEvent(transaction, field, 1_000_000 + partition, partition)
    }
    const startedAt = performance.now()
    await producer.disconnect()
    await field.produce(quick ? 2_000 : 20_000)
    await worker.says(({ msg }) => msg.includes('stands still at'), 2 * TRANSACTION_MS)
    const told = performance.now() - startedAt
    await worker.says(({ msg }) => msg.includes('goes on after'))
    const resumed = performance.now() - startedAt
    // Behind the last records there are markers, which nobody commits; records are.
    await field.produce(100)
    await field.reached(1)
    const faults = worker.assignments === 1 ? [] : [`expected one assignment, got ${worker.assignments}`]
    const measured = { 'told after': seconds(told), 'went on after': seconds(resumed) }
    return { verdict: await field.verdict(), measured, faults }
  },
}
