import { describe, expect, it } from 'vitest'
import { fetchFromBroker } from '../../../../src/log/kafkajs/fetch-from-broker.ts'
import { recordBatch } from '../../../support/record-batches.ts'

const LIMITS = { maxWaitMs: 1, bytesMax: 1_000, partitionBytesMax: 100 }

interface SentRequest {
  readonly response: {
    decode(payload: Buffer): Promise<unknown>
    parse(answer: unknown): Promise<unknown>
  }
}

/** A broker that answers every fetch with these bytes. */
function brokerOf(payload: Buffer, maxVersion = 11) {
  const send = async ({ response }: SentRequest) => response.parse(await response.decode(payload))
  return {
    versions: { 1: { maxVersion } },
    brokerAddress: 'somewhere:9092',
    connectionPool: { send },
  } as never
}

interface Share {
  readonly partition: number
  readonly errorCode?: number
  readonly records?: Buffer
}

/** Version 11 of the answer: throttling, error, session, then topics and partitions. */
function answer(shares: readonly Share[], errorCode = 0): Buffer {
  const head = Buffer.alloc(4 + 2 + 4 + 4)
  head.writeInt16BE(errorCode, 4)
  head.writeInt32BE(1, 10)
  const count = Buffer.alloc(4)
  count.writeInt32BE(shares.length)
  const parts = shares.map(({ partition, errorCode: code = 0, records = Buffer.alloc(0) }) => {
    const fields = Buffer.alloc(4 + 2 + 8 + 8 + 8 + 4 + 4 + 4)
    fields.writeInt32BE(partition, 0)
    fields.writeInt16BE(code, 4)
    fields.writeBigInt64BE(90n, 6)
    fields.writeBigInt64BE(80n, 14)
    // No list of aborted transactions, which is not the same as an empty one.
    fields.writeInt32BE(-1, 30)
    fields.writeInt32BE(-1, 34)
    fields.writeInt32BE(records.length, 38)
    return Buffer.concat([fields, records])
  })
  return Buffer.concat([head, Buffer.from([0, 1]), Buffer.from('t'), count, ...parts])
}

const at = (partition: number, offset = 0) => ({ topic: 't', partition, offset })

describe('fetchFromBroker', () => {
  it('brings the records of each partition asked for, and how far it is committed', async () => {
    const records = recordBatch({ baseOffset: 4, records: [{ value: 'a' }] })
    const payload = answer([{ partition: 0, records }, { partition: 1 }, { partition: 9, records }])
    const fetched = await fetchFromBroker(brokerOf(payload), [at(0, 4), at(1, 7)], LIMITS)
    expect(fetched).toMatchObject([
      { batch: { topic: 't', partition: 0, nextOffset: 5, highWatermark: 90 }, stableEnd: 80 },
      { batch: { topic: 't', partition: 1, nextOffset: 7, records: [] }, stableEnd: 80 },
    ])
    expect(fetched[0]!.batch.records).toHaveLength(1)
  })

  it('tells the bytes of an answer once all that holds records is handled, whatever comes of the rest', async () => {
    const records = recordBatch({ baseOffset: 0, records: [{ value: 'a' }] })
    const payload = answer([{ partition: 0, records }, { partition: 1 }, { partition: 2, records }])
    const told: Buffer[] = []
    const wanted = [at(0), at(1), at(2)]
    const fetched = await fetchFromBroker(brokerOf(payload), wanted, LIMITS, (bytes) => told.push(bytes))
    expect(fetched.map(({ handled }) => handled === undefined)).toEqual([false, true, false])
    fetched[2]!.handled!()
    expect(told).toEqual([])
    fetched[0]!.handled!()
    expect(told).toEqual([payload])
  })

  it("throws the client's own errors for those that the broker names", async () => {
    const outOfRange = brokerOf(answer([{ partition: 0 }, { partition: 1, errorCode: 1 }]))
    await expect(fetchFromBroker(outOfRange, [at(0), at(1)], LIMITS)).rejects.toMatchObject({
      name: 'KafkaJSOffsetOutOfRange',
      topic: 't',
      partition: 1,
    })
    const moved = brokerOf(answer([{ partition: 0, errorCode: 6 }]))
    await expect(fetchFromBroker(moved, [at(0)], LIMITS)).rejects.toMatchObject({
      type: 'NOT_LEADER_FOR_PARTITION',
    })
    const refused = brokerOf(answer([], 71))
    await expect(fetchFromBroker(refused, [at(0)], LIMITS)).rejects.toMatchObject({
      type: 'INVALID_FETCH_SESSION_EPOCH',
    })
  })

  it('refuses a broker that does not speak the version it reads', async () => {
    await expect(fetchFromBroker(brokerOf(answer([]), 10), [at(0)], LIMITS)).rejects.toMatchObject({
      code: 'BROKER_UNSUPPORTED',
      message: expect.stringContaining('somewhere:9092 knows Fetch 10'),
    })
  })

  it('refuses an answer that is none', async () => {
    const payload = answer([{ partition: 0 }])
    for (const broken of [payload.subarray(0, 30), Buffer.alloc(0), Buffer.alloc(40, 0x7f)]) {
      await expect(fetchFromBroker(brokerOf(broken), [at(0)], LIMITS)).rejects.toMatchObject({
        code: 'BATCH_UNDECODABLE',
      })
    }
  })
})
