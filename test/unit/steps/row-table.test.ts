import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RowTable } from '../../../src/steps/row-table.ts'
import { NO_ROW } from '../../../src/steps/waiting-ids.ts'

/** Hashes that meet: a handful of parts, homes that lie side by side, and equal ones. */
const hash = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0xfffff0, max: 0xffffff }),
)

it('finds what was added and not deleted, among rows of equal hashes too', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hash, fc.boolean()), { maxLength: 400, size: 'max' }), (moves) => {
      const table = new RowTable()
      const rows = new Map<number, number>()
      for (const [row, [value, deletes]] of moves.entries()) {
        const [oldest] = rows
        if (deletes && oldest !== undefined) {
          table.delete(oldest[1], oldest[0])
          rows.delete(oldest[0])
        } else {
          table.add(value, row)
          rows.set(row, value)
        }
      }
      for (const [row] of moves.entries()) {
        const value = rows.get(row) ?? moves[row]![0]
        const found = table.find(value, { matches: (candidate) => candidate === row })
        expect(found).toBe(rows.has(row) ? row : NO_ROW)
      }
    }),
    { numRuns: 200 },
  )
})

it('keeps every row while its parts grow and shrink', () => {
  const table = new RowTable()
  const hashOf = (row: number) => Math.imul(row, 0x9e3779b1) | 0
  const isThere = (row: number) => table.find(hashOf(row), { matches: (found) => found === row }) === row
  for (let row = 0; row < 50_000; row++) table.add(hashOf(row), row)
  for (let row = 0; row < 49_000; row++) table.delete(hashOf(row), row)
  for (let row = 0; row < 50_000; row += 7) expect(isThere(row)).toBe(row >= 49_000)
})
