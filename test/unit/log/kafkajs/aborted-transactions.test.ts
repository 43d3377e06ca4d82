import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages.js'
import { describe, expect, it } from 'vitest'
import {
  type AbortedTransaction,
  AbortedTransactions,
} from '../../../../src/log/kafkajs/aborted-transactions.ts'
import { readBatchHeader } from '../../../../src/log/kafkajs/record-batch.ts'
import { endMarker, recordBatch } from '../../../support/record-batches.ts'

const written = (baseOffset: number, producerId: number, key: Buffer | null = null) =>
  recordBatch({ baseOffset, producerId, transactional: true, records: [{ key, value: 'v' }] })

/** First offsets of the batches that count. */
function counted(batches: readonly Buffer[], aborted: readonly AbortedTransaction[]): number[] {
  const transactions = new AbortedTransactions(aborted)
  return batches
    .map((bytes) => ({ bytes, header: readBatchHeader(bytes, 0)! }))
    .filter(({ bytes, header }) => transactions.counts(header, bytes))
    .map(({ header }) => header.baseOffset)
}

/** The client's filter on the same story; producers and offsets are text to it. */
function countedAsPublished(
  messages: readonly { offset: number; producerId: number; key?: Buffer }[],
  aborted: readonly AbortedTransaction[],
): number[] {
  const story = messages.map(({ offset, producerId, key = null }) => ({
    offset: String(offset),
    key,
    batchContext: { producerId: String(producerId), inTransaction: true },
  }))
  const abortedTransactions = aborted.map(({ producerId, firstOffset }) => ({
    producerId: String(producerId),
    firstOffset: String(firstOffset),
  }))
  return filterAbortedMessages({ messages: story, abortedTransactions }).map(({ offset }) => Number(offset))
}

describe('AbortedTransactions', () => {
  const twoAborted = [
    { producerId: 1, firstOffset: 0 },
    { producerId: 2, firstOffset: 1 },
  ]

  it('takes all transactions that have begun, where the client takes one a record and leaks', () => {
    // The fetch begins at 10, behind both first offsets, with a batch of the second.
    expect(countedAsPublished([{ offset: 10, producerId: 2 }], twoAborted)).toEqual([10])
    expect(counted([written(10, 2), written(11, 1)], twoAborted)).toEqual([])
  })

  it('ends a transaction at a marker, where the client ends it at a key of four zero bytes', () => {
    const zeros = Buffer.alloc(4)
    const aborted = [{ producerId: 1, firstOffset: 0 }]
    const messages = [
      { offset: 0, producerId: 1, key: zeros },
      { offset: 1, producerId: 1 },
    ]
    expect(countedAsPublished(messages, aborted)).toEqual([0, 1])
    expect(counted([written(0, 1, zeros), written(1, 1)], aborted)).toEqual([])
  })

  it('lets the same producer write again after its marker, and others all the time', () => {
    const batches = [
      written(0, 1),
      written(1, 2),
      endMarker(2, 1, 'abort'),
      written(3, 1),
      endMarker(4, 1, 'commit'),
      recordBatch({ baseOffset: 5, producerId: 1, records: [{ value: 'plain' }] }),
    ]
    expect(counted(batches, [{ producerId: 1, firstOffset: 0 }])).toEqual([1, 3, 5])
  })

  it('aborts the same producer twice, in any order of the list', () => {
    const aborted = [
      { producerId: 1, firstOffset: 3 },
      { producerId: 1, firstOffset: 0 },
    ]
    const batches = [
      written(0, 1),
      endMarker(1, 1, 'abort'),
      written(2, 2),
      written(3, 1),
      endMarker(4, 1, 'abort'),
    ]
    expect(counted(batches, aborted)).toEqual([2])
  })

  it('never counts control batches, also one whose record compaction has taken', () => {
    const emptied = recordBatch({
      baseOffset: 1,
      producerId: 1,
      transactional: true,
      control: true,
      records: [],
    })
    expect(counted([written(0, 1), emptied, written(2, 1)], [{ producerId: 1, firstOffset: 0 }])).toEqual([])
    expect(counted([endMarker(0, 9, 'commit'), emptied], [])).toEqual([])
  })
})
