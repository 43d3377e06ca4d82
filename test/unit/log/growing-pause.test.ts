import { afterEach, expect, it, vi } from 'vitest'
import { GrowingPause } from '../../../src/log/growing-pause.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it('doubles up to its bound, and begins anew once reset', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const pauses = new GrowingPause(200, 1_000)
  expect([1, 2, 3, 4, 5].map(() => pauses.next())).toEqual([200, 400, 800, 1_000, 1_000])
  pauses.reset()
  expect(pauses.next()).toBe(200)
})

it('lies between half and one and a half of what is due', () => {
  const random = vi.spyOn(Math, 'random')
  for (const [drawn, pauseMs] of [
    [0, 100],
    [0.999, 299.8],
  ] as const) {
    random.mockReturnValue(drawn)
    expect(new GrowingPause(200, 1_000).next()).toBeCloseTo(pauseMs, 9)
  }
})
