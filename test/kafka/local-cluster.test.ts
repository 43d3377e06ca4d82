import { existsSync } from 'node:fs'
import { Kafka, logLevel } from 'kafkajs'
import { afterEach, expect, it } from 'vitest'
import { type LocalKafka, startKafka } from '../../tools/kafka/local-kafka.ts'
import { describeLocalKafka } from '../support/local-kafka.ts'

const clusters: LocalKafka[] = []

async function start(options: Parameters<typeof startKafka>[0]): Promise<LocalKafka> {
  const cluster = await startKafka(options)
  clusters.push(cluster)
  return cluster
}

afterEach(async () => {
  await Promise.all(clusters.splice(0).map((cluster) => cluster.stop()))
})

function client(brokers: readonly string[]): Kafka {
  return new Kafka({ clientId: 'local-cluster', brokers: [...brokers], logLevel: logLevel.NOTHING })
}

async function write(kafka: Kafka, topic: string, value: string): Promise<string | undefined> {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const [metadata] = await producer.send({ topic, acks: -1, messages: [{ partition: 0, value }] })
  await producer.disconnect()
  return metadata?.baseOffset
}

describeLocalKafka('a local cluster', () => {
  it('keeps what one broker was told over a kill and a restart, and leaves nothing when stopped', async () => {
    const cluster = await start({ brokers: 1 })
    const [broker] = cluster.nodes
    const kafka = client(cluster.brokers)
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'kept' }], waitForLeaders: true })
    await admin.disconnect()
    expect(await write(kafka, 'kept', 'first')).toBe('0')

    const killed = broker!.pid
    await broker!.kill('SIGKILL')
    expect(await broker!.ended()).toBe('signal SIGKILL')
    expect(cluster.pids).toEqual([])
    await broker!.restart()
    expect(broker!.pid).not.toBe(killed)
    expect(cluster.pids).toEqual([broker!.pid])
    expect(await write(kafka, 'kept', 'second')).toBe('1')

    await cluster.stop()
    expect(broker!.isRunning()).toBe(false)
    expect(existsSync(cluster.folder)).toBe(false)
  }, 60_000)

  it('of three goes on without one of them and takes it back', async () => {
    const cluster = await start({ brokers: 3 })
    const kafka = client(cluster.brokers)
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'replicated' }], waitForLeaders: true })
    const before = await admin.fetchTopicMetadata({ topics: ['replicated'] })
    const { leader, replicas } = before.topics[0]!.partitions[0]!
    expect([...replicas].sort()).toEqual([1, 2, 3])

    const led = cluster.nodes.find(({ nodeId }) => nodeId === leader)!
    await led.kill('SIGKILL')
    expect(await write(kafka, 'replicated', 'without its leader')).toBe('0')
    const without = await admin.fetchTopicMetadata({ topics: ['replicated'] })
    expect(without.topics[0]!.partitions[0]!.leader).not.toBe(leader)

    await led.restart()
    const inSync = async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: ['replicated'] })
      return [...topics[0]!.partitions[0]!.isr].sort()
    }
    await expect.poll(inSync, { timeout: 20_000 }).toEqual([1, 2, 3])
    await admin.disconnect()
  }, 90_000)

  it('that cannot start says why', async () => {
    const { brokers } = await start({ brokers: 1 })
    const port = Number(brokers[0]!.split(':')[1])
    await expect(startKafka({ port })).rejects.toThrow(
      /broker 1 ended .* before it was ready.*Address already in use/s,
    )
    const settings = { 'num.io.threads': 'many' }
    await expect(startKafka({ settings })).rejects.toThrow(
      /Invalid value many for configuration num.io.threads/,
    )
  }, 60_000)
})
