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

let startedAt = 0
let cpuBefore = process.cpuUsage()
let records = 0
let parsed = 0
let isReported = false

consumer.on(consumer.events.GROUP_JOIN, () => {
  startedAt = now()
  cpuBefore = process.cpuUsage()
})
await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch }) => {
    for (const { value } of batch.messages) {
      const event = JSON.parse(String(value)) as { features: object }
      if (event.features !== undefined) parsed++
    }
    records += batch.messages.length
    if (isReported || records < total) return
    isReported = true
    if (parsed !== records) throw new Error(`expected ${records} events, parsed ${parsed}`)
    const { user, system } = process.cpuUsage(cpuBefore)
    process.send?.({ startedAt, endedAt: now(), cpuMicroseconds: user + system, records })
  },
})
process.once('message', () => void consumer.disconnect().finally(() => process.exit(0)))
