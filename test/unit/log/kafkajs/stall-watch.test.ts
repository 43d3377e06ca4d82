import { describe, expect, it } from 'vitest'
import { StallWatch } from '../../../../src/log/kafkajs/stall-watch.ts'

function watched() {
  const told: string[] = []
  let now = 0
  const watch = new StallWatch(
    (text) => told.push(text),
    () => now,
  )
  /** What a fetch at `at` ms brought of partition 0. */
  const note = (at: number, nextOffset: number, stableEnd: number, highWatermark: number) => {
    now = at
    watch.note([{ batch: { topic: 't', partition: 0, records: [], nextOffset, highWatermark }, stableEnd }])
  }
  return { told, note }
}

describe('a reader behind an open transaction', () => {
  it('is told of after five seconds, once, and when it is over', () => {
    const { told, note } = watched()
    note(0, 7, 7, 20)
    note(4_999, 7, 7, 25)
    expect(told).toEqual([])
    note(5_000, 7, 7, 30)
    note(9_000, 7, 7, 30)
    expect(told).toEqual([
      't/0 stands still at 7: a transaction that somebody left open holds back 23 offsets',
    ])
    note(10_000, 31, 31, 31)
    expect(told[1]).toBe('t/0 goes on after 10000 ms')
    expect(told).toHaveLength(2)
  })

  it('is no stall while transactions end and others begin, or while there is something to read', () => {
    const { told, note } = watched()
    for (let second = 0; second < 60; second++)
      note(1_000 * second, 10 * second, 10 * second, 10 * second + 5)
    for (let second = 60; second < 90; second++) note(1_000 * second, 600, 700, 720)
    for (let second = 90; second < 120; second++) note(1_000 * second, 720, 720, 720)
    expect(told).toEqual([])
  })
})
