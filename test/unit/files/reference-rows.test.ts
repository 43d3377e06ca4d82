import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReferenceRows } from '../../../src/files/reference-rows.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'driftstream-rows-'))
})
afterEach(() => rm(directory, { recursive: true }))

async function timesOf(rows: readonly object[], time?: string): Promise<(number | undefined)[]> {
  const path = join(directory, 'rows.jsonl')
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'))
  const columns = { features: ['x'], prediction: 'prediction', score: 'score', label: 'label', time }
  const times = []
  for await (const batch of readReferenceRows(path, columns)) times.push(...batch.map(({ at }) => at))
  return times
}

describe('times of reference rows', () => {
  it('are epoch milliseconds or ISO 8601, in `at` or the column named', async () => {
    const at = '2027-01-01T00:00:00+01:00'
    expect(await timesOf([{ x: 1, at: 5 }, { x: 1, at }, { x: 1 }, { x: 1, at: null }])).toEqual([
      5,
      Date.UTC(2026, 11, 31, 23),
      undefined,
      undefined,
    ])
    expect(await timesOf([{ x: 1, at: 5, when: 7 }], 'when')).toEqual([7])
  })

  it('are none where `at`, which nobody named, is something else', async () => {
    expect(
      await timesOf([
        { x: 1, at: 'noon' },
        { x: 1, at: 1e300 },
      ]),
    ).toEqual([undefined, undefined])
  })

  it('are refused where the named column holds something else, with the row, or nothing', async () => {
    await expect(
      timesOf(
        [
          { x: 1, when: 1 },
          { x: 1, when: '2027-01-01' },
        ],
        'when',
      ),
    ).rejects.toMatchObject({
      code: 'REFERENCE_FILE_INVALID',
      message: expect.stringMatching(/row 2: .*"2027-01-01"/),
    })
    await expect(timesOf([{ x: 1 }], 'when')).rejects.toMatchObject({
      code: 'REFERENCE_FILE_INVALID',
      message: expect.stringContaining('found none'),
    })
  })
})
