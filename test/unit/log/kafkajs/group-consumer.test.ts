import type { ConsumerRunConfig } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import type { Fetched } from '../../../../src/log/kafkajs/fetch-from-broker.ts'
import { KafkaGroupConsumer } from '../../../../src/log/kafkajs/group-consumer.ts'
import type { KafkaClient } from '../../../../src/log/kafkajs/kafka-client.ts'
import type { GroupConsumer, Position } from '../../../../src/log/port.ts'

type Payload = Parameters<NonNullable<ConsumerRunConfig['eachBatch']>>[0]

const TOPIC = 'features'
const GROUP = { group: 'g', topics: [TOPIC], sessionTimeoutMs: 30_000 }
const REBALANCING = Object.assign(new Error('The group is rebalancing'), { type: 'REBALANCE_IN_PROGRESS' })
const IDLE = { kind: 'idle' }

/** The client as far as a member uses it; the test plays the client's part: joins, and pushes batches. */
class FakeClient {
  readonly committed = new Map<number, number>()
  readonly seeks: Position[] = []
  /** Where the batches began whose bytes nobody needs any more. */
  readonly released: number[] = []
  #eachBatch: NonNullable<ConsumerRunConfig['eachBatch']> = async () => {}
  #onJoin: (event: { payload: { memberAssignment: Record<string, number[]> } }) => void = () => {}

  async open(): Promise<GroupConsumer> {
    const consumer = {
      events: { GROUP_JOIN: 'join', CRASH: 'crash' },
      connect: async () => {},
      subscribe: async () => {},
      on: (event: string, listener: never) => {
        if (event === 'join') this.#onJoin = listener
      },
      run: async ({ eachBatch }: ConsumerRunConfig) => {
        this.#eachBatch = eachBatch!
      },
      seek: ({ topic, partition, offset }: { topic: string; partition: number; offset: string }) => {
        this.seeks.push({ topic, partition, offset: Number(offset) })
      },
    }
    const client = { kafka: { consumer: () => consumer }, tell: () => {}, close: async () => {} }
    const committed = async (_group: string, at: readonly { topic: string; partition: number }[]) =>
      at.map((place) => ({ ...place, offset: this.committed.get(place.partition) ?? 0 }))
    return KafkaGroupConsumer.join(client as unknown as KafkaClient, GROUP, committed)
  }

  join(...partitions: number[]): void {
    this.#onJoin({ payload: { memberAssignment: { [TOPIC]: partitions } } })
  }

  /** One batch of a fetch, as the client pushes it; what was resolved of it. */
  push(
    partition: number,
    from: number,
    heartbeat: () => Promise<void> = async () => {},
  ): { handled: Promise<void>; resolved: string[] } {
    const resolved: string[] = []
    const records = [{ offset: from, timestamp: 0, key: null, value: Buffer.from('r'), headers: {} }]
    const at = { topic: TOPIC, partition }
    const carried: Fetched = {
      batch: { ...at, records, nextOffset: from + 1, highWatermark: 100 },
      stableEnd: 100,
      handled: () => void this.released.push(from),
    }
    const messages = [{ offset: String(from), carried }]
    const payload = {
      batch: { ...at, messages, fetchedOffset: String(from) },
      resolveOffset: (offset: string) => void resolved.push(offset),
      isStale: () => false,
      isRunning: () => true,
      heartbeat,
    }
    return { handled: this.#eachBatch(payload as unknown as Payload), resolved }
  }
}

async function joined(...partitions: number[]) {
  const client = new FakeClient()
  const member = await client.open()
  client.join(...partitions)
  expect(await member.poll(1_000)).toMatchObject({ kind: 'assigned', generation: 1 })
  return { client, member }
}

describe('KafkaGroupConsumer', () => {
  it('lets the rest of a fetch pass unseen when a batch of it has met a rebalance', async () => {
    const { client, member } = await joined(0, 1, 2)
    let beats = 0
    const rebalancing = async () => {
      beats++
      throw REBALANCING
    }
    await expect(client.push(0, 0, rebalancing).handled).rejects.toBe(REBALANCING)
    // The client works these off before it joins again, however long they take.
    for (const partition of [1, 2]) {
      const rest = client.push(partition, 0, rebalancing)
      expect(await member.poll(0)).toEqual(IDLE)
      await rest.handled
      expect(rest.resolved).toEqual([])
    }
    expect(beats).toBe(1)

    client.join(0, 1, 2)
    expect(await member.poll(1_000)).toMatchObject({ kind: 'assigned', generation: 2 })
    const again = client.push(1, 0)
    expect(await member.poll(1_000)).toMatchObject({ kind: 'records', batch: { partition: 1 } })
    expect(await member.poll(0)).toEqual(IDLE)
    await again.handled
    expect(again.resolved).toEqual(['0'])
  })

  it('begins at the committed offsets when a leader that moves makes all join again', async () => {
    const { client, member } = await joined(0)
    client.committed.set(0, 1)
    const held = client.push(0, 0)
    expect(await member.poll(1_000)).toMatchObject({ kind: 'records', batch: { nextOffset: 1 } })
    // The same assignment, with one batch in the member's hands and one on its way to it.
    client.seeks.length = 0
    client.join(0)
    await held.handled
    expect(held.resolved).toEqual([])
    // It is in the member's hands still.
    expect(client.released).toEqual([])
    const ahead = client.push(0, 2)
    expect(await member.poll(1_000)).toMatchObject({ kind: 'assigned', generation: 2 })
    expect(await member.poll(0)).toEqual(IDLE)
    await ahead.handled
    expect(ahead.resolved).toEqual([])
    expect(client.seeks).toEqual(Array(2).fill({ topic: TOPIC, partition: 0, offset: 1 }))

    const next = client.push(0, 1)
    expect(await member.poll(1_000)).toMatchObject({ kind: 'records', batch: { nextOffset: 2 } })
    expect(await member.poll(0)).toEqual(IDLE)
    await next.handled
    expect(next.resolved).toEqual(['1'])
    expect(client.released).toEqual([1])
  })
})
