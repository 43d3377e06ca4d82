import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { recordedEpisode, recordedRows } from '../../../bench/accuracy/delay/recorded-episodes.ts'
import { RECORDED, readRecorded } from '../../../bench/accuracy/streams/recorded.ts'
import { createRandom } from '../../../src/statistics/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'recorded-'))

/** A stream of the shape of sea.csv.gz: positive above a threshold that moves at rows 12 500, 25 000, 37 500. */
function writeSea(): void {
  const random = createRandom('recorded sea')
  const lines = Array.from({ length: 50_000 }, (_, row) => {
    const x = random()
    const threshold = [0.5, 0.7, 0.4, 0.6][Math.floor(row / 12_500)]!
    return `${x.toFixed(4)},${random().toFixed(4)},${x > threshold ? 1 : 0}`
  })
  writeFileSync(join(folder, 'sea.csv.gz'), gzipSync(`a,b,label\r\n${lines.join('\r\n')}\r\n`))
}

afterAll(() => rmSync(folder, { recursive: true }))

describe('recorded streams', () => {
  writeSea()

  it('are read row by row, the label last', () => {
    const rows = readRecorded('sea', folder)!
    expect(rows).toHaveLength(50_000)
    expect(rows[0]!.x).toHaveLength(2)
    expect(rows.slice(0, 12_500).every(({ x, y }) => (y === 1) === x[0]! > 0.5)).toBe(true)
  })

  it('give episodes for every change, with a model of the concept before it', () => {
    const rows = recordedRows('sea', folder)!
    const lengths = { reference: 5000, before: 2000 }
    const rate = (errors: Uint8Array) => errors.reduce((sum, error) => sum + error, 0) / errors.length
    RECORDED.sea.drifts.forEach((_, change) => {
      const { reference, watched, change: at } = recordedEpisode(rows, 'sea', change, 'one', lengths)
      expect([reference.length, watched.length, at]).toEqual([5000, 10_000, 2000])
      expect(rate(reference)).toBeLessThan(0.08)
      expect(rate(watched.subarray(0, at))).toBeLessThan(0.08)
      expect(rate(watched.subarray(at))).toBeGreaterThan(0.1)
    })
    const [one, again, other] = ['one', 'one', 'other'].map((seed) => {
      return recordedEpisode(rows, 'sea', 0, seed, lengths)
    })
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
  })

  it('are refused where a concept is too short', () => {
    const rows = recordedRows('sea', folder)!
    const lengths = { reference: 20_000, before: 0 }
    expect(() => recordedEpisode(rows, 'sea', 0, 'one', lengths)).toThrow('row 12500 of sea')
  })

  it('are null where the folder does not have them', () => {
    expect(recordedRows('sine1', folder)).toBeNull()
    expect(recordedRows('sea', null)).toBeNull()
  })
})
