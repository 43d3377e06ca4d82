import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JsonLine, readJsonLines, writeJsonLines } from '../../../src/files/jsonl.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftstream-jsonl-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function linesOf(path: string): Promise<JsonLine[]> {
  const lines: JsonLine[] = []
  for await (const batch of readJsonLines(path)) lines.push(...batch)
  return lines
}

describe('writeJsonLines', () => {
  it('writes what readJsonLines reads, across many chunks', async () => {
    const path = join(folder, 'rows.jsonl')
    const values = Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'a\nb' }))
    expect(await writeJsonLines(path, values)).toBe(20_000)
    const lines = await linesOf(path)
    expect(lines.map(({ value }) => value)).toEqual(values)
    expect(lines.at(-1)!.line).toBe(20_000)
  })

  it('takes an asynchronous source and replaces the file', async () => {
    const path = join(folder, 'replaced.jsonl')
    await writeFile(path, 'something longer than what replaces it')
    async function* values() {
      yield { a: 1 }
      yield 2
    }
    expect(await writeJsonLines(path, values())).toBe(2)
    expect(await readFile(path, 'utf8')).toBe('{"a":1}\n2\n')
    expect(await writeJsonLines(path, [])).toBe(0)
    expect(await readFile(path, 'utf8')).toBe('')
  })

  it('rejects with the error of its source', async () => {
    async function* values() {
      yield 1
      throw new Error('the source broke')
    }
    await expect(writeJsonLines(join(folder, 'failed.jsonl'), values())).rejects.toThrow('the source broke')
  })
})

describe('readJsonLines', () => {
  it('throws with the code it was given', async () => {
    const path = join(folder, 'broken.jsonl')
    await writeFile(path, '1\n{\n')
    const read = async () => {
      for await (const _line of readJsonLines(path, 'TRAINER_FAILED'));
    }
    await expect(read()).rejects.toMatchObject({ code: 'TRAINER_FAILED', context: { path, line: 2 } })
  })
})
