import type { ProducerRecord, RecordMetadata } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { sendByPartition } from '../../../../src/log/kafkajs/send-by-partition.ts'
import type { OutgoingRecord } from '../../../../src/log/port.ts'

const record = (topic: string, partition: number, value: Uint8Array): OutgoingRecord => ({
  topic,
  partition,
  key: null,
  value,
  timestamp: 0,
})

/** A broker that counts offsets from 100 in each partition and notes what it was sent. */
function broker(answer: (metadata: RecordMetadata) => RecordMetadata[] = (metadata) => [metadata]) {
  const sends: ProducerRecord[] = []
  const ends = new Map<string, number>()
  let inFlight = 0
  const send = async (sent: ProducerRecord) => {
    expect(++inFlight).toBe(1)
    sends.push(sent)
    await new Promise(setImmediate)
    inFlight--
    const partition = sent.messages[0]!.partition!
    const base = ends.get(`${sent.topic}/${partition}`) ?? 100
    ends.set(`${sent.topic}/${partition}`, base + sent.messages.length)
    return answer({ topicName: sent.topic, partition, errorCode: 0, baseOffset: String(base) })
  }
  return { send, sends }
}

describe('sendByPartition', () => {
  it('sends one partition a request, one after the other, each in its order', async () => {
    const { send, sends } = broker()
    const bytes = (text: string) => Buffer.from(text)
    const written = await sendByPartition(send, [
      record('t', 1, bytes('a')),
      record('u', 0, bytes('x')),
      record('t', 0, bytes('k')),
      record('t', 1, bytes('b')),
    ])
    expect(
      sends.map(({ topic, acks, messages }) => [topic, acks, messages.map(({ value }) => `${value}`)]),
    ).toEqual([
      ['t', -1, ['a', 'b']],
      ['u', -1, ['x']],
      ['t', -1, ['k']],
    ])
    expect(written).toEqual([
      { topic: 't', partition: 1, offset: 102 },
      { topic: 'u', partition: 0, offset: 101 },
      { topic: 't', partition: 0, offset: 101 },
    ])
  })

  it('cuts long sends by records and by bytes', async () => {
    const many = broker()
    const small = Array.from({ length: 2_500 }, () => record('t', 0, Buffer.alloc(1)))
    expect(await sendByPartition(many.send, small)).toEqual([{ topic: 't', partition: 0, offset: 2_600 }])
    expect(many.sends.map(({ messages }) => messages.length)).toEqual([1_000, 1_000, 500])
    const heavy = broker()
    await sendByPartition(
      heavy.send,
      [400_000, 400_000, 400_000, 2_000_000, 10].map((size) => record('t', 0, Buffer.alloc(size))),
    )
    expect(heavy.sends.map(({ messages }) => messages.length)).toEqual([2, 1, 1, 1])
  })

  it.each([
    ['names nothing', () => []],
    ['names another partition', (m: RecordMetadata) => [{ ...m, partition: 9 }]],
    ['names another topic', (m: RecordMetadata) => [{ ...m, topicName: 'u' }]],
    ['carries an error', (m: RecordMetadata) => [{ ...m, errorCode: 6 }]],
    ['has no offset', (m: RecordMetadata) => [{ ...m, baseOffset: '-1' }]],
    ['answers twice', (m: RecordMetadata) => [m, m]],
  ])('takes nothing for written when the answer %s', async (_, answer) => {
    const { send } = broker(answer)
    await expect(sendByPartition(send, [record('t', 0, Buffer.alloc(1))])).rejects.toMatchObject({
      code: 'SEND_UNCONFIRMED',
      context: { topic: 't', partition: 0 },
    })
  })
})
