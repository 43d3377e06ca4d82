import { expect, it } from 'vitest'
import type { Reference } from '../../../src/sketches/types.ts'
import { VersionColumn } from '../../../src/steps/version-column.ts'

const reference = (id: string) => ({ id }) as Reference

it('gives back the version and the very reference of each row, also after it was laid anew', () => {
  const column = new VersionColumn()
  column.relay(new Int32Array(0), 4)
  const [one, other] = [reference('a'), reference('a')]
  const rows = [
    { version: '1', reference: one },
    { version: '1', reference: null },
    { version: '__proto__', reference: other },
    { version: '1', reference: one },
  ]
  for (const [row, { version, reference }] of rows.entries()) column.put(row, version, reference)
  for (const [row, { version, reference }] of rows.entries()) {
    expect(column.at(row).version).toBe(version)
    expect(column.at(row).reference).toBe(reference)
  }
  // The last two to the front, then the first.
  column.relay(Int32Array.of(2, 2, 0, 1), 8)
  expect([0, 1, 2].map((row) => column.at(row))).toEqual([rows[2], rows[3], rows[0]])
})

it('forgets versions that no row has any more, and none that a row has', () => {
  const column = new VersionColumn()
  column.relay(new Int32Array(0), 16)
  const gone = reference('gone')
  for (let count = 0; count < 10_000; count++) {
    column.put(count % 16, `v${count}`, count < 16 ? gone : null)
    for (let back = 0; back < Math.min(16, count + 1); back++) {
      expect(column.at((count - back) % 16).version).toBe(`v${count - back}`)
    }
    expect(column.size).toBeLessThanOrEqual(64)
  }
})
