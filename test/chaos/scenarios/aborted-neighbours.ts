import { Kafka, logLevel } from 'kafkajs'
import type { Scenario } from '../scenario.ts'
import { eventOf, featureOf } from '../stream.ts'

const PRODUCERS = 3
const ABORT_SHARE = 0.3
const TRANSACTION_EVENTS = 6

/**
 * Three producers write the source in transactions that lie across one another, and abort three in ten: what
 * was aborted is not counted. A detector follows, and finds every delta continuing the one before.
 */
export const abortedNeighbours: Scenario = {
  id: 'T6',
  name: 'aborted neighbours',
  brokers: 1,
  inQuick: true,
  async play({ cluster, open, quick, random }) {
    const field = await open({ name: 't6', partitions: 2 })
    const observer = field.start('observe')
    const detector = field.start('detect')
    await Promise.all([observer.assigned(), detector.assigned()])
    const producers = await Promise.all(
      Array.from({ length: PRODUCERS }, async (_, index) => {
        const kafka = new Kafka({
          clientId: `writer-${index}`,
          brokers: [...cluster.direct],
          logLevel: logLevel.NOTHING,
          retry: { initialRetryTime: 10 },
        })
        const producer = kafka.producer({
          transactionalId: `${field.options.name}-${index}`,
          idempotent: true,
        })
        await producer.connect()
        return producer
      }),
    )
    let number = 0
    let aborted = 0
    const rounds = quick ? 40 : 400
    for (let round = 0; round < rounds; round++) {
      const transactions = await Promise.all(producers.map((producer) => producer.transaction()))
      const written = transactions.map(() => [] as number[])
      for (let event = 0; event < TRANSACTION_EVENTS; event++) {
        for (const [index, transaction] of transactions.entries()) {
          const record = featureOf(eventOf(field.plan, number), field.features)
          const { topic, partition, key, value, timestamp } = record
          written[index]!.push(number++)
          const message = {
            partition,
            key: Buffer.from(key!),
            value: Buffer.from(value!),
            timestamp: String(timestamp),
          }
          await transaction.send({ topic, messages: [message] })
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
    const faults = detector.lines
      .filter(({ msg }) => msg.includes('offsets are missing') || msg.includes('merged before'))
      .map(({ msg }) => `the detector says: ${msg}`)
    return {
      verdict: await field.verdict(),
      measured: { aborted, 'of transactions': rounds * PRODUCERS },
      faults,
    }
  },
}
