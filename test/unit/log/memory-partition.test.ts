import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryPartition } from '../../../src/log/memory-partition.ts'

const record = (timestamp: number) => ({ topic: 't', partition: 0, key: null, value: null, timestamp })

/** The same partition, written for obviousness: every slot of the log, markers as null. */
class PlainPartition {
  slots: (number | null)[] = []
  low = 0
  readonly retentionMs: number

  constructor(retentionMs: number) {
    this.retentionMs = retentionMs
  }

  append(timestamp: number): void {
    this.slots.push(timestamp)
    const newest = Math.max(...this.slots.filter((slot) => slot !== null))
    const first = this.slots.findIndex(
      (slot, offset) => offset >= this.low && slot !== null && slot >= newest - this.retentionMs,
    )
    this.low = first === -1 ? this.slots.length : first
  }

  offsets(from: number, to: number): number[] {
    return this.slots.flatMap((slot, offset) =>
      slot !== null && offset >= Math.max(from, this.low) && offset < to ? [offset] : [],
    )
  }

  offsetAt(timestamp: number): number {
    const found = this.slots.findIndex(
      (slot, offset) => offset >= this.low && slot !== null && slot >= timestamp,
    )
    return found === -1 ? this.slots.length : found
  }
}

describe('MemoryPartition', () => {
  it('agrees with a plain list, whatever the order of times, the markers and the retention', () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant('records' as const), times: fc.array(fc.nat(1000)) }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: 'marker' as const }) },
    )
    const retention = fc.constantFrom(Number.POSITIVE_INFINITY, 0, 10, 300)
    const ask = fc.record({
      from: fc.nat(60),
      length: fc.nat(60),
      max: fc.integer({ min: 1, max: 20 }),
      time: fc.nat(1000),
    })
    fc.assert(
      fc.property(fc.array(step), retention, fc.array(ask), (steps, retentionMs, asks) => {
        const partition = new MemoryPartition(retentionMs)
        const plain = new PlainPartition(retentionMs)
        for (const each of steps) {
          if (each.kind === 'marker') {
            // A transaction that wrote nothing leaves no marker.
            if (plain.low === plain.slots.length) continue
            partition.appendMarker()
            plain.slots.push(null)
            continue
          }
          for (const time of each.times) {
            partition.append(record(time))
            plain.append(time)
          }
        }
        expect(partition.low).toBe(plain.low)
        expect(partition.high).toBe(plain.slots.length)
        for (const { from, length, max, time } of asks) {
          const to = from + length
          const { records, nextOffset } = partition.slice(from, to, max)
          const wanted = plain.offsets(from, to)
          expect(records.map(({ offset }) => offset)).toEqual(wanted.slice(0, max))
          expect(nextOffset).toBeGreaterThan(records.at(-1)?.offset ?? from - 1)
          expect(plain.offsets(from, nextOffset)).toEqual(wanted.slice(0, max))
          expect(partition.offsetAt(time)).toBe(plain.offsetAt(time))
        }
      }),
    )
  })

  it('lets go of what retention drops, and keeps offsets and times right over it', () => {
    const partition = new MemoryPartition(999)
    for (let time = 0; time < 100_000; time++) partition.append(record(time))
    expect([partition.low, partition.high]).toEqual([99_000, 100_000])
    expect(partition.offsetAt(0)).toBe(99_000)
    expect(partition.offsetAt(99_500)).toBe(99_500)
    expect(partition.slice(10, 100_000, 2).records.map(({ offset }) => offset)).toEqual([99_000, 99_001])
  })

  it('finds times that come in any order among thousands', () => {
    const partition = new MemoryPartition(Number.POSITIVE_INFINITY)
    // 7919 is prime to 10007: every time once, in no order.
    const times = Array.from({ length: 10_007 }, (_, offset) => (offset * 7919) % 10_007)
    for (const time of times) partition.append(record(time))
    for (let time = 0; time < 10_100; time += 37) {
      const first = times.findIndex((each) => each >= time)
      expect(partition.offsetAt(time)).toBe(first === -1 ? 10_007 : first)
    }
  })
})
