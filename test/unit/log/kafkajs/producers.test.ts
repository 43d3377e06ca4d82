import type { ProducerRecord, RecordMetadata } from 'kafkajs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { KafkaClient } from '../../../../src/log/kafkajs/kafka-client.ts'
import { PlainProducer } from '../../../../src/log/kafkajs/plain-producer.ts'
import type { TopicDirectory } from '../../../../src/log/kafkajs/topic-directory.ts'
import { KafkaTransactionalProducer } from '../../../../src/log/kafkajs/transactional-producer.ts'

type Step = 'transaction' | 'send' | 'sendOffsets' | 'commit' | 'abort'

const protocol = (type: string, retriable = false) =>
  Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type, retriable })
const closedConnection = Object.assign(new Error('closed'), {
  name: 'KafkaJSConnectionClosedError',
  retriable: true,
})

/** A step that a silent broker never answers. */
const SILENCE = new Error('never')

/** The client's producer as far as it is used, failing where it is told; `calls` notes what was done. */
function fakeClient(faults: Partial<Record<Step, (Error | null)[]>> = {}, unconfirmed = false) {
  const calls: string[] = []
  const act = async (step: Step) => {
    calls.push(step)
    const fault = faults[step]?.shift()
    if (fault === SILENCE) return new Promise<void>(() => {})
    if (fault) throw fault
  }
  const send = async ({ topic, messages }: ProducerRecord): Promise<RecordMetadata[]> => {
    await act('send')
    const partition = messages[0]!.partition!
    return unconfirmed ? [] : [{ topicName: topic, partition, errorCode: 0, baseOffset: '0' }]
  }
  let made = 0
  const producer = () => ({
    number: made++,
    connect: async () => calls.push('connect'),
    send,
    transaction: async () => {
      await act('transaction')
      return {
        send,
        sendOffsets: () => act('sendOffsets'),
        commit: () => act('commit'),
        abort: () => act('abort'),
      }
    },
  })
  const client = {
    kafka: { producer },
    close: async () => calls.push('close'),
    sever: () => calls.push('sever'),
  } as unknown as KafkaClient
  return { client, calls }
}

/** Faults are used up one by one; a table of cases keeps its own. */
function copied(faults: Partial<Record<Step, readonly (Error | null)[]>>) {
  return Object.fromEntries(Object.entries(faults).map(([step, errors]) => [step, [...errors]]))
}

const directory = { expect: async () => {} } as unknown as TopicDirectory
const records = [{ topic: 't', partition: 0, key: null, value: Buffer.from('v'), timestamp: 0 }]
const flush = { records, offsets: { group: 'g', positions: [{ topic: 's', partition: 0, offset: 7 }] } }

async function openTransactional(fake: ReturnType<typeof fakeClient>) {
  const producer = await KafkaTransactionalProducer.open(fake.client, 'id', 60_000, directory)
  fake.calls.length = 0
  return producer
}

describe('the transactional producer', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('takes its id over when it is opened, not when it first flushes', async () => {
    const fake = fakeClient()
    await KafkaTransactionalProducer.open(fake.client, 'id', 60_000, directory)
    expect(fake.calls).toEqual(['connect', 'transaction', 'abort'])
  })

  it('sends records before offsets and commits', async () => {
    const fake = fakeClient()
    const producer = await openTransactional(fake)
    expect(await producer.flush(flush)).toEqual({ written: [{ topic: 't', partition: 0, offset: 1 }] })
    expect(fake.calls).toEqual(['transaction', 'send', 'sendOffsets', 'commit'])
  })

  it('asks again when the coordinator is not yet done with the transaction before', async () => {
    const notYet = [protocol('CONCURRENT_TRANSACTIONS'), protocol('GROUP_LOAD_IN_PROGRESS', true)]
    const fake = fakeClient({ sendOffsets: notYet })
    const producer = await openTransactional(fake)
    await producer.flush(flush)
    expect(fake.calls).toEqual(['transaction', 'send', 'sendOffsets', 'sendOffsets', 'sendOffsets', 'commit'])
  })

  it.each([
    ['a commit without an answer', { commit: [closedConnection] }, 'COMMIT_UNCLEAR'],
    ['a commit by a zombie', { commit: [protocol('INVALID_PRODUCER_EPOCH')] }, 'PRODUCER_FENCED'],
    ['a send by a zombie', { send: [protocol('INVALID_PRODUCER_EPOCH')] }, 'PRODUCER_FENCED'],
    ['offsets by a zombie', { sendOffsets: [protocol('INVALID_PRODUCER_EPOCH')] }, 'PRODUCER_FENCED'],
    ['a send without an answer', { send: [closedConnection] }, 'COMMIT_UNCLEAR'],
    [
      'a send in a transaction that the broker ended',
      { send: [protocol('INVALID_TXN_STATE')] },
      'COMMIT_UNCLEAR',
    ],
    [
      'offsets of a producer that it forgot',
      { sendOffsets: [protocol('UNKNOWN_PRODUCER_ID')] },
      'COMMIT_UNCLEAR',
    ],
    [
      'a refusal that cannot be aborted',
      { send: [protocol('X')], abort: [null, protocol('Y')] },
      'COMMIT_UNCLEAR',
    ],
    [
      'an abort by a zombie',
      { send: [protocol('X')], abort: [null, protocol('INVALID_PRODUCER_EPOCH')] },
      'PRODUCER_FENCED',
    ],
  ] as const)('is spent after %s', async (_, faults, code) => {
    const fake = fakeClient(copied(faults))
    const producer = await openTransactional(fake)
    await expect(producer.flush(flush)).rejects.toMatchObject({ code })
    fake.calls.length = 0
    await expect(producer.flush(flush)).rejects.toMatchObject({ code })
    expect(fake.calls).toEqual([])
  })

  it('gives a flush up that takes longer than its transaction may, and cuts what is still under way', async () => {
    vi.useFakeTimers()
    const fake = fakeClient({ send: [SILENCE] })
    const producer = await openTransactional(fake)
    const flushing = expect(producer.flush(flush)).rejects.toMatchObject({ code: 'COMMIT_UNCLEAR' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fake.calls).toEqual(['transaction', 'send'])
    await vi.advanceTimersByTimeAsync(11_000)
    await flushing
    expect(fake.calls).toEqual(['transaction', 'send', 'sever'])
    await expect(producer.flush(flush)).rejects.toMatchObject({ code: 'COMMIT_UNCLEAR' })
  })

  it('is not opened by a broker that answers nothing', async () => {
    vi.useFakeTimers()
    const fake = fakeClient({ transaction: [SILENCE] })
    const opening = expect(openTransactional(fake)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
    await vi.advanceTimersByTimeAsync(31_000)
    await opening
    expect(fake.calls).toEqual(['connect', 'transaction', 'close'])
  })

  it('aborts and is spent when a send is not confirmed', async () => {
    const fake = fakeClient({}, true)
    const producer = await openTransactional(fake)
    await expect(producer.flush(flush)).rejects.toMatchObject({ code: 'COMMIT_UNCLEAR' })
    expect(fake.calls).toEqual(['transaction', 'send', 'abort'])
    await expect(producer.flush(flush)).rejects.toMatchObject({ code: 'COMMIT_UNCLEAR' })
  })

  it('lives on after a plain refusal that was aborted', async () => {
    const fake = fakeClient({ send: [protocol('MESSAGE_TOO_LARGE')] })
    const producer = await openTransactional(fake)
    await expect(producer.flush(flush)).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' })
    expect(fake.calls).toEqual(['transaction', 'send', 'abort'])
    expect((await producer.flush(flush)).written).toHaveLength(1)
  })

  it('runs one flush at a time', async () => {
    const fake = fakeClient()
    const producer = await openTransactional(fake)
    await Promise.all([producer.flush(flush), producer.flush(flush)])
    const once = ['transaction', 'send', 'sendOffsets', 'commit']
    expect(fake.calls).toEqual([...once, ...once])
  })
})

describe('the plain producer', () => {
  it('is replaced after a failure, so that no later batch is taken for the repeat of a lost one', async () => {
    const fake = fakeClient({ send: [closedConnection] })
    const producer = new PlainProducer(() => fake.client, directory)
    await expect(producer.send(records)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
    expect((await producer.send(records)).written).toHaveLength(1)
    expect(fake.calls).toEqual(['connect', 'send', 'close', 'connect', 'send'])
  })

  it('says so when a send is not confirmed', async () => {
    const producer = new PlainProducer(() => fakeClient({}, true).client, directory)
    await expect(producer.send(records)).rejects.toMatchObject({ code: 'SEND_UNCONFIRMED' })
  })
})
