import { describe, expect, it } from 'vitest'
import { createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import {
  correctSliding,
  createSlidingWindow,
  slide,
  slidingFrom,
  slidingSum,
} from '../../../src/windows/sliding-window.ts'

const events = (count: number) => ({ ...createPaneSketch('binary'), events: count })

describe('a sliding window', () => {
  it.each([
    [24, 1],
    [48, 1],
    [168, 4],
    [1_440, 30],
    // A prime has no divisor but itself: one slot, and up to twice the length.
    [173, 173],
  ])('of %d panes keeps them by %d', (length, step) => {
    const window = createSlidingWindow(length, 0)
    expect(window.step).toBe(step)
    for (let pane = 0; pane < 3 * length; pane++) {
      slide(window, events(1))
      expect(window.slots.size).toBeLessThanOrEqual(49)
      const held = window.end - Math.max(0, slidingFrom(window))
      expect(slidingSum(window)!.events).toBe(held)
      if (pane >= length + step) {
        expect(held).toBeGreaterThanOrEqual(length)
        expect(held).toBeLessThan(length + step)
      }
    }
    expect(slidingSum(window)!.events).toBe(length)
    expect(correctSliding(window, 2 * length, events(5))).toBe(true)
    expect(correctSliding(window, 2 * length - 1, events(5))).toBe(false)
    expect(correctSliding(window, 3 * length, events(5))).toBe(false)
    expect(slidingSum(window)!.events).toBe(length + 5)
  })
})
