import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'

/** Resolves when every replica of these topics has caught up: the next broker may only fall out then. */
export async function allInSync(brokers: readonly string[], topics: string[]): Promise<void> {
  const kafka = new Kafka({ clientId: 'in-sync', brokers: [...brokers], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  try {
    for (;;) {
      const { topics: found } = await admin.fetchTopicMetadata({ topics })
      const partitions = found.flatMap((topic) => topic.partitions)
      if (partitions.every(({ isr, replicas }) => isr.length === replicas.length)) return
      await sleep(200)
    }
  } finally {
    await admin.disconnect()
  }
}
