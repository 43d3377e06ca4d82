import { expect } from 'vitest'
import type {
  Flush,
  FlushResult,
  GroupConsumer,
  Log,
  LogRecord,
  OutgoingRecord,
  Poll,
  RecordBatch,
  TopicPartition,
} from '../../src/log/port.ts'

export const T0 = Date.UTC(2001, 0, 29, 6)
/** Records of 2001 are older than any retention, and a broker looks for such every five minutes. */
export const KEEP = { 'retention.ms': '-1' }
/** Long enough for a group of the slowest adapter to join, far below the test's own time. */
export const PATIENCE_MS = 15_000

/** The log under test with what the cases need around it. Names are its own, so cases may share a broker. */
export class LogFixture {
  readonly #open: () => Promise<Log>
  readonly #run = `${process.pid}-${Date.now().toString(36)}`
  #log: Log | null = null
  #serial = 0

  constructor(open: () => Promise<Log>) {
    this.#open = open
  }

  get log(): Log {
    return this.#log!
  }

  async start(): Promise<void> {
    this.#log = await this.#open()
  }

  async stop(): Promise<void> {
    await this.#log?.close()
  }

  unique(what: string): string {
    return `${what}-${this.#run}-${this.#serial++}`
  }

  async newTopic(partitions: number): Promise<string> {
    const topic = this.unique('topic')
    await this.log.createTopics([{ topic, partitions, settings: KEEP }])
    return topic
  }

  async send(records: readonly OutgoingRecord[]): Promise<FlushResult> {
    const producer = await this.log.openProducer()
    try {
      return await producer.send(records)
    } finally {
      await producer.close()
    }
  }

  async flush(transactionalId: string, ...flushes: readonly Flush[]): Promise<void> {
    const producer = await this.log.openTransactional(transactionalId)
    try {
      for (const each of flushes) await producer.flush(each)
    } finally {
      await producer.close()
    }
    await this.settle(transactionalId)
  }

  /** What was flushed under this id can be read by everyone: `open` waits for it. */
  async settle(transactionalId: string): Promise<void> {
    const successor = await this.log.openTransactional(transactionalId)
    await successor.close()
  }

  async recordsOf(topic: string): Promise<LogRecord[]> {
    const ranges = (await this.log.offsets(topic)).map(({ partition, low, high }) => ({
      topic,
      partition,
      from: low,
      to: high,
    }))
    return (await collect(this.log.read(ranges))).flatMap(({ records }) => records)
  }

  async textsIn(topic: string): Promise<string[]> {
    return (await this.recordsOf(topic)).map(textOf)
  }
}

export function record(topic: string, partition: number, text: string, timestamp = T0): OutgoingRecord {
  return { topic, partition, key: null, value: new TextEncoder().encode(text), timestamp }
}

export async function collect(batches: AsyncIterable<RecordBatch>): Promise<RecordBatch[]> {
  const collected: RecordBatch[] = []
  for await (const batch of batches) collected.push(batch)
  return collected
}

function textOf({ value }: LogRecord): string {
  return Buffer.from(value!).toString()
}

export function textsOf(batches: readonly RecordBatch[]): string[] {
  return batches.flatMap(({ records }) => records.map(textOf))
}

export function partitionsOf(poll: Poll): string[] {
  if (poll.kind !== 'assigned') return []
  return poll.partitions.map(({ topic, partition }) => `${topic}/${partition}`).sort()
}

/** The next poll that is not idle. */
export async function pollSomething(consumer: GroupConsumer): Promise<Poll> {
  const poll = await consumer.poll(PATIENCE_MS)
  expect(poll.kind).not.toBe('idle')
  return poll
}

/** Polls on, over records and older generations, to the assignment that is wanted. */
export async function pollAssigned(
  consumer: GroupConsumer,
  wanted: (partitions: readonly TopicPartition[]) => boolean,
): Promise<Extract<Poll, { kind: 'assigned' }>> {
  for (;;) {
    const poll = await pollSomething(consumer)
    if (poll.kind === 'assigned' && wanted(poll.partitions)) return poll
  }
}

export async function pollRecords(consumer: GroupConsumer, count: number): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = []
  for (let got = 0; got < count; ) {
    const poll = await pollSomething(consumer)
    if (poll.kind !== 'records') throw new Error(`expected records, got ${poll.kind}`)
    batches.push(poll.batch)
    got += poll.batch.records.length
  }
  return batches
}
