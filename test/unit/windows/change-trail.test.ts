import { describe, expect, it } from 'vitest'
import {
  type ChangeTrail,
  correctTrail,
  createChangeTrail,
  extendTrail,
} from '../../../src/windows/change-trail.ts'

const one = (value: number): Uint8Array => Uint8Array.of(value)
const add = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((value, at) => value + b[at]!)

function trailOf(panes: number, horizonPanes: number, skipped = new Set<number>()): ChangeTrail {
  const trail = createChangeTrail(horizonPanes, 0)
  for (let pane = 0; pane < panes; pane++) extendTrail(trail, skipped.has(pane) ? null : one(1), add)
  return trail
}

describe('the trail of changes', () => {
  it('keeps the newest 72 panes one by one, and older ones to a twenty-fourth of their age', () => {
    const { rows, end } = trailOf(1_000, 1_000)
    expect(rows.filter(({ from }) => from >= end - 72).map(({ to, from }) => to - from)).toEqual(
      Array(72).fill(1),
    )
    for (const { from, to } of rows) expect(to - from).toBeLessThanOrEqual(Math.max(1, (end - from) / 24))
    expect(Math.max(...rows.map(({ from, to }) => to - from))).toBe(32)
  })

  it('holds every pane within its horizon once, in rows that grow with the logarithm of the past', () => {
    const { rows } = trailOf(1_000, 1_000)
    rows.forEach(({ from, to, bytes }, at) => {
      expect(from).toBe(rows[at - 1]?.to ?? 0)
      expect(bytes).toEqual(one(to - from))
    })
    expect(rows.length).toBeLessThanOrEqual(72 + 24 * 5)
    expect(trailOf(2_000, 100).rows.at(0)!.to).toBeGreaterThan(2_000 - 100)
  })

  it('puts late counts where they would be had they come in time', () => {
    const late = [3, 400, 700, 930, 998]
    const trail = trailOf(1_000, 1_000, new Set(late))
    for (const pane of late) expect(correctTrail(trail, pane, one(1), add)).toBe(true)
    expect(trail).toEqual(trailOf(1_000, 1_000))
  })

  it('says of a pane past its horizon, or not closed yet, that it is not remembered', () => {
    const trail = trailOf(1_000, 50)
    const before = structuredClone(trail)
    expect(correctTrail(trail, 940, one(1), add)).toBe(false)
    expect(correctTrail(trail, 1_000, one(1), add)).toBe(false)
    expect(trail).toEqual(before)
  })
})
