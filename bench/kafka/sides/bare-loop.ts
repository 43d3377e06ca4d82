import { Kafka, logLevel } from 'kafkajs'

/**
 * The loop that everybody writes first: the client as published, every value parsed, nothing counted,
 * nothing committed, until so many records are seen. Arguments: brokers, topic, group, records.
 */
const [, , brokers = '', topic = '', groupId = '', expected = ''] = process.argv
const total = Number(expected)
const kafka = new Kafka({ brokers: brokers.split(','), clientId: 'bare', logLevel: logLevel.ERROR })
const consumer = kafka.consumer({ groupId })
const now = () => performance.timeOrigin + performance.now()

let firstReadAt = 0
let cpuBefore = process.cpuUsage()
let records = 0
let parsed = 0
let isReported = false

await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch }) => {
    if (firstReadAt === 0) {
      firstReadAt = now()
      cpuBefore = process.cpuUsage()
    }
    for (const { value } of batch.messages) {
      const event = JSON.parse(String(value)) as { features: object }
      if (event.features !== undefined) parsed++
    }
    records += batch.messages.length
    if (isReported || records < total) return
    isReported = true
    if (parsed !== records) throw new Error(`expected ${records} events, parsed ${parsed}`)
    const { user, system } = process.cpuUsage(cpuBefore)
    process.send?.({
      launchedAt: performance.timeOrigin,
      firstReadAt,
      endedAt: now(),
      cpuMicroseconds: user + system,
      records,
    })
  },
})
// Whoever started it is gone: nobody would stop it.
process.once('disconnect', () => process.exit(1))
process.once('message', () => void consumer.disconnect().finally(() => process.exit(0)))
