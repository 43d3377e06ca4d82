import { gzipSync, zstdCompressSync } from 'node:zlib'
import Decoder from 'kafkajs/src/protocol/decoder.js'
import decodeMessages from 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js'
import { describe, expect, it } from 'vitest'
import type { AbortedTransaction } from '../../../../src/log/kafkajs/aborted-transactions.ts'
import { decodePartition } from '../../../../src/log/kafkajs/decode-partition.ts'
import { endMarker, recordBatch } from '../../../support/record-batches.ts'

const at = (offset: number) => ({ topic: 't', partition: 3, offset })
const plain = (baseOffset: number, ...values: string[]) =>
  recordBatch({ baseOffset, records: values.map((value) => ({ value })) })

async function decoded(bytes: Buffer, offset = 0, aborted: readonly AbortedTransaction[] = []) {
  const { records, nextOffset } = await decodePartition(bytes, aborted, at(offset))
  return { texts: records.map(({ offset: one, value }) => `${one}:${value}`), nextOffset }
}

/** The client's own decoder, on the same bytes. */
async function asPublished(bytes: Buffer) {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length)
  return decodeMessages(new Decoder(Buffer.concat([length, bytes])))
}

describe('decodePartition', () => {
  it('reads the records of all whole batches and leaves the part of one at the end', async () => {
    const bytes = Buffer.concat([plain(5, 'a', 'b'), plain(7, 'c'), plain(8, 'lost').subarray(0, 65)])
    expect(await decoded(bytes, 5)).toEqual({ texts: ['5:a', '6:b', '7:c'], nextOffset: 8 })
  })

  it('leaves out what lies before the position, in a batch and in batches wholly before', async () => {
    const bytes = Buffer.concat([plain(0, 'a', 'b'), plain(2, 'c', 'd')])
    expect(await decoded(bytes, 3)).toEqual({ texts: ['3:d'], nextOffset: 4 })
    expect(await decoded(plain(0, 'a'), 3)).toEqual({ texts: [], nextOffset: 3 })
    expect(await decoded(Buffer.alloc(0), 3)).toEqual({ texts: [], nextOffset: 3 })
  })

  it('goes on behind batches that compaction has emptied; the client tells nothing of them', async () => {
    const empty = recordBatch({ baseOffset: 10, lastOffset: 41, records: [] })
    expect(await asPublished(empty)).toEqual([])
    expect(await decoded(empty, 10)).toEqual({ texts: [], nextOffset: 42 })
    const thinned = recordBatch({ baseOffset: 42, lastOffset: 60, records: [{ value: 'x', offsetDelta: 4 }] })
    expect(await decoded(Buffer.concat([empty, thinned]), 10)).toEqual({ texts: ['46:x'], nextOffset: 61 })
  })

  it('reads a batch of 150 000 records, at which the client overflows the stack', async () => {
    const records = Array.from({ length: 150_000 }, () => ({ value: 'v' }))
    const bytes = recordBatch({ baseOffset: 0, records })
    await expect(asPublished(bytes)).rejects.toThrow(RangeError)
    const { texts, nextOffset } = await decoded(bytes)
    expect([texts.length, texts.at(-1), nextOffset]).toEqual([150_000, '149999:v', 150_000])
  })

  it('shows keys, headers and times as they were written, and hostile names as names', async () => {
    const headers = [
      ['__proto__', 'p'],
      ['twice', 'a'],
      ['twice', 'b'],
      ['none', null],
    ] as const
    const records = [{ key: 'k', value: null, headers, timestampDelta: -5 }, { value: Buffer.alloc(0) }]
    const { records: found } = await decodePartition(
      recordBatch({ baseOffset: 0, baseTimestamp: 981_500_000_000, records }),
      [],
      at(0),
    )
    const [first, second] = found
    expect(first).toMatchObject({ offset: 0, timestamp: 981_499_999_995, key: Buffer.from('k'), value: null })
    expect(Object.keys(first!.headers)).toEqual(['__proto__', 'twice', 'none'])
    expect(first!.headers.twice).toEqual([Buffer.from('a'), Buffer.from('b')])
    expect(first!.headers.none).toEqual(new Uint8Array(0))
    expect(second).toMatchObject({ offset: 1, timestamp: 981_500_000_001, key: null, headers: {} })
    expect(second!.value).toEqual(Buffer.alloc(0))
  })

  it('takes the time of the log where the topic says so', async () => {
    const batch = recordBatch({
      baseOffset: 0,
      records: [{}, { timestampDelta: 9 }],
      logAppendTime: true,
      maxTimestamp: 77,
    })
    const { records } = await decodePartition(batch, [], at(0))
    expect(records.map(({ timestamp }) => timestamp)).toEqual([77, 77])
  })

  it('unpacks gzip and zstd', async () => {
    const packed = (codec: number, pack: (plain: Buffer) => Buffer, baseOffset: number) =>
      recordBatch({ baseOffset, records: [{ value: 'x'.repeat(100_000) }, { value: 'y' }], codec, pack })
    const bytes = Buffer.concat([packed(1, gzipSync, 0), plain(2, 'z'), packed(4, zstdCompressSync, 3)])
    const { texts, nextOffset } = await decoded(bytes)
    expect(texts.map((text) => text.slice(0, 4))).toEqual(['0:xx', '1:y', '2:z', '3:xx', '4:y'])
    expect(nextOffset).toBe(5)
  })

  it('shows nothing of aborted transactions and of markers, and goes on behind them', async () => {
    const torn = recordBatch({
      baseOffset: 0,
      records: [{ value: 'torn' }],
      producerId: 7,
      transactional: true,
    })
    const bytes = Buffer.concat([torn, plain(1, 'whole'), endMarker(2, 7, 'abort')])
    const aborted = [{ producerId: 7, firstOffset: 0 }]
    expect(await decoded(bytes, 0, aborted)).toEqual({ texts: ['1:whole'], nextOffset: 3 })
  })

  describe('refuses, with topic, partition and offset', () => {
    const broken = (change: (bytes: Buffer) => void, bytes = plain(0, 'value')) => {
      change(bytes)
      return bytes
    }
    it.each([
      ['an unknown codec', recordBatch({ baseOffset: 0, records: [{}], codec: 5 }), 'codec 5'],
      ['an old message format', recordBatch({ baseOffset: 0, records: [{}], magic: 1 }), 'got 1'],
      ['gzip that is none', recordBatch({ baseOffset: 0, records: [{ value: 'v' }], codec: 1 }), 'by gzip'],
      ['zstd that is none', recordBatch({ baseOffset: 0, records: [{ value: 'v' }], codec: 4 }), 'by zstd'],
      ['lz4 that is none', recordBatch({ baseOffset: 0, records: [{ value: 'v' }], codec: 3 }), 'by lz4'],
      [
        'snappy that is none',
        recordBatch({ baseOffset: 0, records: [{ value: 'v' }], codec: 2 }),
        'by snappy',
      ],
      [
        'more records than there are',
        recordBatch({ baseOffset: 0, records: [{}], recordCount: 2 }),
        '2 records',
      ],
      [
        'fewer records than there are',
        recordBatch({ baseOffset: 0, records: [{}, {}], recordCount: 1 }),
        'nothing behind',
      ],
      ['a part of the first batch', plain(0, 'value').subarray(0, 65), 'a whole record batch'],
      ['a record longer than its batch', broken((bytes) => bytes.writeUInt8(0x7e, 61)), 'within its batch'],
      ['an offset outside the batch', recordBatch({ baseOffset: 9, records: [{ offsetDelta: 3 }] }), '12'],
      [
        'a batch of negative length',
        broken((bytes) => bytes.writeInt32BE(-1, 8)),
        'a whole batch header, got -1',
      ],
      ['offsets beyond 2^53', broken((bytes) => bytes.writeUInt8(0x7f, 0)), '2^53'],
    ])('%s', async (_, bytes, words) => {
      await expect(decoded(bytes)).rejects.toMatchObject({
        code: 'BATCH_UNDECODABLE',
        message: expect.stringContaining(words),
        context: { topic: 't', partition: 3, offset: 0 },
      })
    })
  })
})
