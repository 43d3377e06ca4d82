import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openCheckpoint } from '../../../bench/accuracy/cells/checkpoint.ts'
import { runCells, runSomeCells } from '../../../bench/accuracy/cells/run-cells.ts'
import type { CheckSettings } from '../../../bench/accuracy/check.ts'
import type { NullWorldName } from '../../../bench/accuracy/draws/null-worlds.ts'
import type { NullCell } from '../../../bench/accuracy/null-rates/null-cell.ts'

const folder = mkdtempSync(join(tmpdir(), 'driftstream-cells-'))
const said: string[] = []
const SETTINGS: CheckSettings = {
  quick: true,
  scale: 1,
  data: null,
  seed: 1,
  workers: 1,
  minutes: null,
  checkpoints: folder,
  say: (line) => said.push(line),
}

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  said.length = 0
})

function someCells(): NullCell<NullWorldName>[] {
  return [1, 2, 3].map((number) => ({
    id: `${number}`,
    world: 'integers',
    m: 1000,
    windowSizes: [200],
    references: 2,
    windowsPerReference: 20,
    alphas: [0.5],
    seed: `cells ${number}`,
  }))
}

async function outcomesOf(settings: Partial<CheckSettings>): Promise<unknown[]> {
  const timed = await runCells('type1', someCells(), { ...SETTINGS, ...settings })
  return timed.map(({ outcome }) => outcome)
}

// Threads start slowly where cores are shared by many.
describe('runCells', { timeout: 60_000 }, () => {
  it('comes to the same on threads, in the order of the cells', async () => {
    const here = await outcomesOf({})
    expect(new Set(here.map((outcome) => JSON.stringify(outcome))).size).toBe(3)
    expect(await outcomesOf({ workers: 2 })).toEqual(here)
  })

  it('takes what an interrupted run has finished and leaves nothing behind', async () => {
    const [first] = someCells()
    const kept = { outcome: ['from before'], cpuSeconds: 1 }
    openCheckpoint(folder, 'type1').keep(JSON.stringify(first), kept)
    // The crash came while the next line was written.
    writeFileSync(join(folder, 'checkpoint-type1.jsonl'), '["{\\"id', { flag: 'a' })
    const outcomes = await outcomesOf({})
    expect(outcomes[0]).toEqual(['from before'])
    expect(outcomes[1]).not.toEqual(['from before'])
    expect(said).toEqual(['type1: 1 of 3 parts are there'])
    expect(readdirSync(folder)).toEqual([])
  })

  it('forgets what other code has finished', async () => {
    const kept = { outcome: ['from before'], cpuSeconds: 1 }
    openCheckpoint(folder, 'type1').keep(JSON.stringify(someCells()[0]), kept)
    const file = join(folder, 'checkpoint-type1.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^code ../, 'code xx'))
    expect((await outcomesOf({}))[0]).not.toEqual(['from before'])
  })

  it.each([1, 2])(
    'begins nothing when time is up, and keeps what was finished (%i threads)',
    async (workers) => {
      const kept = { outcome: ['from before'], cpuSeconds: 1 }
      openCheckpoint(folder, 'type1').keep(JSON.stringify(someCells()[1]), kept)
      const settings = { ...SETTINGS, workers, minutes: 0 }
      expect(await runSomeCells('type1', someCells(), settings)).toEqual([null, kept, null])
      expect(readdirSync(folder)).toEqual(['checkpoint-type1.jsonl'])
    },
  )

  it('keeps nothing without a folder, and hands on what a cell throws', async () => {
    await outcomesOf({ checkpoints: null })
    await expect(runCells('no such', someCells(), { ...SETTINGS, checkpoints: null })).rejects.toThrow(
      'got no such',
    )
    const broken = [{ ...someCells()[0], world: 'no such' }] as unknown as NullCell<NullWorldName>[]
    await expect(runCells('type1', broken, { ...SETTINGS, checkpoints: null, workers: 2 })).rejects.toThrow()
  })
})
