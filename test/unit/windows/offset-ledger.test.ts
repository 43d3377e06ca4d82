import { describe, expect, it } from 'vitest'
import {
  createOffsetLedger,
  forgetOffsetsBefore,
  type OffsetLedger,
  offsetsSince,
  recordOffsets,
} from '../../../src/windows/offset-ledger.ts'

const MINUTE_MS = 60_000

/** Ten flushes of ten records each; after flush i the stream stands at minute i + 1. */
function tenFlushes(resolutionMs?: number): OffsetLedger {
  const ledger = createOffsetLedger(resolutionMs)
  for (let i = 0; i < 10; i++) {
    recordOffsets(ledger, {
      topic: 'features',
      partition: 0,
      from: 100 + 10 * i,
      to: 110 + 10 * i,
      watermark: (i + 1) * MINUTE_MS,
    })
  }
  return ledger
}

function fromOf(ledger: OffsetLedger, fromMs: number): number {
  return offsetsSince(ledger, fromMs)[0]!.from
}

describe('the offset ledger', () => {
  it('starts at the last flush before which the stream was still below the time asked for', () => {
    const ledger = tenFlushes()
    expect(offsetsSince(ledger, 5.5 * MINUTE_MS)).toEqual([
      { topic: 'features', partition: 0, from: 150, to: 200 },
    ])
    // At the watermark itself: the event that set it lies in the flush before.
    expect(fromOf(ledger, 5 * MINUTE_MS)).toBe(140)
    expect(fromOf(ledger, 5 * MINUTE_MS + 1)).toBe(150)
    expect(fromOf(ledger, 99 * MINUTE_MS)).toBe(190)
    expect(fromOf(ledger, -1)).toBe(100)
  })

  it('keeps partitions and topics apart', () => {
    const ledger = tenFlushes()
    recordOffsets(ledger, { topic: 'labels', partition: 0, from: 0, to: 3, watermark: 5 })
    recordOffsets(ledger, {
      topic: 'features',
      partition: 1,
      from: 7,
      to: 7,
      watermark: Number.NEGATIVE_INFINITY,
    })
    expect(offsetsSince(ledger, 3.5 * MINUTE_MS)).toEqual([
      { topic: 'features', partition: 0, from: 130, to: 200 },
      { topic: 'labels', partition: 0, from: 0, to: 3 },
      { topic: 'features', partition: 1, from: 7, to: 7 },
    ])
  })

  it('covers at least as much with a coarser resolution', () => {
    expect(fromOf(tenFlushes(4 * MINUTE_MS), 6.5 * MINUTE_MS)).toBe(150)
    expect(fromOf(tenFlushes(4 * MINUTE_MS), 5.5 * MINUTE_MS)).toBe(150)
    expect(fromOf(tenFlushes(4 * MINUTE_MS), 4.5 * MINUTE_MS)).toBe(110)
  })

  it('passes over a flush that was read before', () => {
    const ledger = tenFlushes()
    recordOffsets(ledger, { topic: 'features', partition: 0, from: 150, to: 160, watermark: 20 * MINUTE_MS })
    expect(offsetsSince(ledger, 5.5 * MINUTE_MS)).toEqual([
      { topic: 'features', partition: 0, from: 150, to: 200 },
    ])
  })

  it('answers the same for later times after forgetting earlier ones', () => {
    const ledger = tenFlushes()
    forgetOffsetsBefore(ledger, 5.5 * MINUTE_MS)
    for (const minute of [5.5, 6, 7.5, 20]) {
      expect(fromOf(ledger, minute * MINUTE_MS)).toBe(fromOf(tenFlushes(), minute * MINUTE_MS))
    }
    expect(fromOf(ledger, 0)).toBe(150)
  })

  it('keeps eight weeks of minutes in less than two thousand marks, and errs by a 128th of the age', () => {
    const ledger = createOffsetLedger()
    const minutes = 8 * 7 * 24 * 60
    for (let i = 0; i < minutes; i++) {
      const flushed = { topic: 'features', partition: 0, from: i, to: i + 1 }
      recordOffsets(ledger, { ...flushed, watermark: (i + 1) * MINUTE_MS })
    }
    const [source] = ledger.sources.values()
    // With every gap as wide as allowed 128 (1 + ln(80,640 / 128)) = 953, with every gap half of it twice that.
    expect(source!.marks.length).toBeGreaterThan(500)
    expect(source!.marks.length).toBeLessThan(2_000)
    for (let minute = 1; minute < minutes; minute += 7) {
      const from = fromOf(ledger, minute * MINUTE_MS)
      // Record i is of minute i + 1: what lies before it is not of the range.
      const tooEarly = minute - 1 - from
      expect(tooEarly).toBeGreaterThanOrEqual(0)
      expect(tooEarly).toBeLessThanOrEqual(1 + (minutes - minute) / 128)
    }
  })
})
