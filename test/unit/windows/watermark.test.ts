import { describe, expect, it } from 'vitest'
import {
  advanceWatermark,
  initialWatermark,
  mergedWatermark,
  type TaskWatermark,
} from '../../../src/windows/watermark.ts'

function tasks(...list: [watermark: number, idle: boolean][]): Map<number, TaskWatermark> {
  return new Map(list.map(([watermark, idle], task) => [task, { watermark, idle }]))
}

describe('mergedWatermark', () => {
  it('is the least of the tasks that are not idle', () => {
    expect(mergedWatermark(tasks([30, false], [20, false], [10, true]))).toBe(20)
  })

  it('waits for a task without an event, unless it is idle', () => {
    expect(mergedWatermark(tasks([30, false], [Number.NEGATIVE_INFINITY, false]))).toBe(
      Number.NEGATIVE_INFINITY,
    )
    expect(mergedWatermark(tasks([30, false], [Number.NEGATIVE_INFINITY, true]))).toBe(30)
  })

  it('is the largest when all are idle, and -Infinity without tasks', () => {
    expect(mergedWatermark(tasks([30, true], [20, true]))).toBe(30)
    expect(mergedWatermark(new Map())).toBe(Number.NEGATIVE_INFINITY)
  })
})

describe('advanceWatermark', () => {
  it('follows the tasks and never goes back', () => {
    let clock = initialWatermark()
    const seen: number[] = []
    for (const [task, watermark, idle] of [
      [0, 10, false],
      [1, 5, false],
      [1, 20, false],
      [0, 30, false],
      [1, 20, true],
      // Back from idleness, behind the others.
      [1, 25, false],
      [1, 40, false],
    ] as const) {
      clock = advanceWatermark(clock, task, { watermark, idle }, 1)
      seen.push(clock.at)
    }
    expect(seen).toEqual([10, 10, 10, 20, 30, 30, 30])
  })

  it('leaves the state it was given as it was', () => {
    const before = advanceWatermark(initialWatermark(), 0, { watermark: 10, idle: false }, 1)
    advanceWatermark(before, 1, { watermark: 20, idle: false }, 1)
    expect(before.tasks.size).toBe(1)
  })

  it('does not start before every task has spoken, however far the others are', () => {
    const first = advanceWatermark(initialWatermark(), 0, { watermark: 50, idle: false }, 2)
    expect(first.at).toBe(Number.NEGATIVE_INFINITY)
    expect(advanceWatermark(first, 1, { watermark: 30, idle: false }, 2).at).toBe(30)
  })
})
