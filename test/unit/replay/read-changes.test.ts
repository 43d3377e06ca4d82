import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseTime, readChanges } from '../../../src/replay/read-changes.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'driftstream-changes-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(directory, name), text)
  return join(directory, name)
}

describe('parseTime', () => {
  it('takes a day, ISO 8601 with a zone, and epoch milliseconds', () => {
    expect(parseTime('2001-03-12')).toBe(Date.UTC(2001, 2, 12))
    expect(parseTime('2001-03-12T02:00:00+02:00')).toBe(Date.UTC(2001, 2, 12))
    expect(parseTime('984355200000')).toBe(Date.UTC(2001, 2, 12))
    expect(parseTime(984_355_200_000)).toBe(Date.UTC(2001, 2, 12))
    for (const wrong of ['2001-03-12 02:00', 'yesterday', '', null, 1e300])
      expect(parseTime(wrong)).toBeNull()
  })
})

describe('readChanges', () => {
  it('reads times, and files of changes in any of their forms', async () => {
    const at = Date.UTC(2001, 2, 12)
    expect(await readChanges('2001-03-12, 2001-04-01')).toEqual([
      { name: 'change 1', at, until: null, model: null },
      { name: 'change 2', at: Date.UTC(2001, 3, 1), until: null, model: null },
    ])
    const full = { name: 'winter', at, until: at + 1, model: 'flights' }
    const files = [
      await file('a.json', JSON.stringify([full])),
      await file('a.yaml', `- { at: 2001-03-12, until: ${at + 1}, name: winter, model: flights }\n`),
      await file('a.csv', `at,until,name,model\n2001-03-12,${at + 1},winter,flights\n`),
      await file('a.jsonl', `${JSON.stringify(full)}\n`),
    ]
    for (const path of files) expect(await readChanges(path)).toEqual([full])
  })

  it('says which change is none', async () => {
    const path = await file('a.json', JSON.stringify([{ at: '2001-03-12' }, { at: 'spring' }]))
    await expect(readChanges(path)).rejects.toMatchObject({
      code: 'HISTORY_INVALID',
      message: expect.stringContaining('change 2: at: expected a day'),
    })
    await expect(readChanges('soon')).rejects.toMatchObject({ code: 'HISTORY_INVALID' })
    await expect(readChanges(join(directory, 'none.json'))).rejects.toMatchObject({ code: 'HISTORY_INVALID' })
    await expect(readChanges(await file('b.yaml', 'at: 1'))).rejects.toThrow(/a list of changes/)
  })
})
