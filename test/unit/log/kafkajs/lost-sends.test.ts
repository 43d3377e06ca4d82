import type { ProducerRecord, RecordMetadata } from 'kafkajs'
import createSendMessages from 'kafkajs/src/producer/sendMessages.js'
import createRetry from 'kafkajs/src/retry/index.js'
import { describe, expect, it } from 'vitest'
import { sendByPartition } from '../../../../src/log/kafkajs/send-by-partition.ts'

const movedLeader = Object.assign(new Error('moved'), {
  name: 'KafkaJSProtocolError',
  type: 'NOT_LEADER_FOR_PARTITION',
  retriable: true,
})

interface Produced {
  readonly topicData: readonly {
    readonly topic: string
    readonly partitions: readonly {
      readonly partition: number
      readonly messages: readonly { readonly value: Buffer }[]
    }[]
  }[]
}

/** Two brokers: the second loses the partition it leads to the first as soon as it is written to. */
function movingCluster() {
  const stored: string[] = []
  const leaders = new Map([
    [0, '1'],
    [1, '2'],
  ])
  const broker = (nodeId: string) => ({
    nodeId,
    produce: async ({ topicData }: Produced) => {
      if (nodeId === '2') {
        leaders.set(1, '1')
        throw movedLeader
      }
      const topics = topicData.map(({ topic, partitions }) => ({
        topicName: topic,
        partitions: partitions.map(({ partition, messages }) => {
          for (const { value } of messages) stored.push(`${partition}:${value}`)
          return { partition: Number(partition), errorCode: 0, baseOffset: '0' }
        }),
      }))
      return { topics }
    },
  })
  const brokers = new Map([
    ['1', broker('1')],
    ['2', broker('2')],
  ])
  const cluster = {
    isConnected: () => true,
    addMultipleTargetTopics: async () => {},
    refreshMetadata: async () => {},
    refreshMetadataIfNecessary: async () => {},
    findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }],
    findLeaderForPartitions: (_: string, partitions: readonly string[]) => {
      const byLeader: Record<string, string[]> = {}
      for (const partition of partitions) {
        const leader = leaders.get(Number(partition))!
        byLeader[leader] = [...(byLeader[leader] ?? []), partition]
      }
      return byLeader
    },
    findBroker: async ({ nodeId }: { nodeId: string }) => brokers.get(nodeId)!,
  }
  const send = createSendMessages({
    logger: { debug: () => {}, error: () => {} },
    cluster,
    partitioner: ({ message }) => message.partition!,
    eosManager: {
      isTransactional: () => false,
      acquireBrokerLock: async () => {},
      releaseBrokerLock: async () => {},
      getSequence: () => 0,
      updateSequence: () => {},
      getProducerId: () => -1,
      getProducerEpoch: () => 0,
    },
    retrier: createRetry({ retries: 3, initialRetryTime: 1 }),
  })
  const sendRecord = ({ topic, messages }: ProducerRecord): Promise<RecordMetadata[]> =>
    send({ acks: -1, topicMessages: [{ topic, messages }] })
  return { sendRecord, stored }
}

const value = (text: string) => Buffer.from(text)

describe('a leader that moves during a send', () => {
  it('makes the client acknowledge records that it never sent, when a send has several partitions', async () => {
    const { sendRecord, stored } = movingCluster()
    const messages = [
      { partition: 0, value: value('a') },
      { partition: 1, value: value('b') },
    ]
    const answer = await sendRecord({ topic: 't', messages })
    expect(answer.map(({ partition }) => partition)).toEqual([0])
    expect(stored).toEqual(['0:a'])
  })

  it('loses and doubles nothing with one partition a send', async () => {
    const { sendRecord, stored } = movingCluster()
    const records = [0, 1].map((partition) => ({
      topic: 't',
      partition,
      key: null,
      value: value(partition === 0 ? 'a' : 'b'),
      timestamp: 0,
    }))
    expect(await sendByPartition(sendRecord, records)).toHaveLength(2)
    expect(stored.sort()).toEqual(['0:a', '1:b'])
  })
})
