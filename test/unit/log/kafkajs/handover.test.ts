import { describe, expect, it } from 'vitest'
import { Handover } from '../../../../src/log/kafkajs/handover.ts'
import type { RecordBatch } from '../../../../src/log/port.ts'

const batch = (nextOffset: number): RecordBatch => ({
  topic: 't',
  partition: 0,
  records: [],
  nextOffset,
  highWatermark: 100,
})
const over = new AbortController().signal
const assigned = { kind: 'assigned', generation: 1, partitions: [], over } as const

function open() {
  const taken: number[] = []
  return { handover: new Handover(({ nextOffset }) => taken.push(nextOffset)), taken }
}

/** Whether a promise is settled by now, all that was due having run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(() => {
    settled = true
  })
  await new Promise(setImmediate)
  return settled
}

describe('Handover', () => {
  it('holds the client until the next poll says that the batch is handled', async () => {
    const { handover, taken } = open()
    const outcome = handover.offer(batch(5))
    expect(await isSettled(outcome)).toBe(false)
    expect(await handover.poll(0)).toEqual({ kind: 'records', batch: batch(5) })
    expect(taken).toEqual([5])
    expect(await isSettled(outcome)).toBe(false)
    const next = handover.poll(0)
    expect(await outcome).toBe('handled')
    expect(await next).toEqual({ kind: 'idle' })
  })

  it('wakes a waiting poll at once', async () => {
    const { handover } = open()
    const waiting = handover.poll(60_000)
    void handover.offer(batch(5))
    expect(await waiting).toEqual({ kind: 'records', batch: batch(5) })
  })

  it('tells of an assignment before any batch', async () => {
    const { handover } = open()
    void handover.offer(batch(5))
    handover.announce(assigned)
    expect(await handover.poll(0)).toBe(assigned)
    expect(await handover.poll(0)).toEqual({ kind: 'records', batch: batch(5) })
  })

  it('takes back a batch that nobody has seen, and only that', async () => {
    const { handover } = open()
    const unseen = handover.offer(batch(5))
    handover.withdraw()
    expect(await unseen).toBe('dropped')
    const seen = handover.offer(batch(5))
    await handover.poll(0)
    handover.withdraw()
    expect(await isSettled(seen)).toBe(false)
    handover.drop()
    expect(await seen).toBe('dropped')
  })

  it('takes back a batch of one partition, and leaves one of another', async () => {
    const { handover } = open()
    const outcome = handover.offer(batch(5))
    handover.withdraw({ topic: 't', partition: 1 })
    handover.withdraw({ topic: 'u', partition: 0 })
    expect(await isSettled(outcome)).toBe(false)
    handover.withdraw({ topic: 't', partition: 0 })
    expect(await outcome).toBe('dropped')
    expect(await handover.poll(0)).toEqual({ kind: 'idle' })
  })

  it('rejects the waiting poll and every later one after a failure', async () => {
    const { handover } = open()
    const waiting = handover.poll(60_000)
    handover.fail(new Error('first'))
    handover.fail(new Error('second'))
    await expect(waiting).rejects.toThrow('first')
    await expect(handover.poll(0)).rejects.toThrow('first')
  })

  it('refuses two polls at a time, and polls after close', async () => {
    const { handover } = open()
    const waiting = handover.poll(60_000)
    await expect(handover.poll(0)).rejects.toMatchObject({ code: 'STATE_IMPOSSIBLE' })
    const refused = handover.offer(batch(5))
    await waiting
    handover.close()
    expect(await refused).toBe('dropped')
    expect(await handover.offer(batch(6))).toBe('dropped')
    await expect(handover.poll(0)).rejects.toMatchObject({ code: 'STATE_IMPOSSIBLE' })
  })
})
