import { readFileSync } from 'node:fs'

type Row = Readonly<Record<string, number>>
type CountRow = Row & { readonly window: number[]; readonly reference: number[] }

const golden = JSON.parse(
  readFileSync(new URL('../golden/statistics.json', import.meta.url), 'utf8'),
) as Record<string, unknown>

function rows(name: string): unknown[] {
  const found = golden[name]
  if (!Array.isArray(found) || found.length === 0) throw new Error(`statistics.json has no rows of ${name}`)
  return found
}

/** What scipy and numpy say, made by test/golden/statistics.py: rows of plain numbers. */
export function goldenRows(name: string): Row[] {
  return rows(name) as Row[]
}

/** Rows that also hold two count arrays on the same cells. */
export function goldenCounts(name: string): CountRow[] {
  return rows(name) as CountRow[]
}

export function goldenJoints(): (Row & { readonly joint: number[] })[] {
  return rows('auc') as (Row & { readonly joint: number[] })[]
}

/** |actual - expected| in units of the expected value; 0 where both are below the range of a double. */
export function relativeError(actual: number, expected: number): number {
  if (actual === expected) return 0
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300)
}
