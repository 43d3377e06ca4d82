import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwatched } from '../../../src/files/byte-stream.ts'
import { readLineBytes } from '../../../src/files/jsonl.ts'
import { readLineBlocks } from '../../../src/files/line-blocks.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'driftstream-lines-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function linesOf(name: string, content: string): Promise<string[]> {
  const path = join(directory, name)
  await writeFile(path, name.endsWith('.gz') ? gzipSync(content) : content)
  const lines: string[] = []
  // A view holds until the next batch: what is kept is copied.
  for await (const batch of readLineBytes(path))
    lines.push(...batch.map((line) => Buffer.from(line).toString()))
  return lines
}

describe('lines of a file', () => {
  it('come whole, wherever a piece of the file ends, also packed, and the last without its end', async () => {
    // Longer than several pieces together, as long as one, and of every length around its end.
    const lengths = [
      700_000,
      131_072,
      131_071,
      131_073,
      0,
      1,
      ...Array.from({ length: 4000 }, (_, n) => n % 97),
    ]
    const lines = lengths.map((length, index) => String.fromCharCode(97 + (index % 26)).repeat(length))
    for (const end of ['\n', '\r\n']) {
      const content = lines.join(end)
      const expected = content.split('\n')
      for (const name of ['l.jsonl', 'l.jsonl.gz']) {
        expect(await linesOf(name, content)).toEqual(expected)
        expect(await linesOf(name, `${content}\n`)).toEqual(expected)
      }
    }
    expect(await linesOf('empty.jsonl', '')).toEqual([])
  })

  it('come in blocks that end with a line, and of one that is too long what has come so far', async () => {
    const path = join(directory, 'long.jsonl')
    await writeFile(path, `a\n${'b'.repeat(1_000_000)}\nc\n`)
    const blocks: string[] = []
    const progress = unwatched()
    for await (const block of readLineBlocks(path, 300_000, progress)) blocks.push(block.toString())
    expect(blocks.join('')).toBe(`a\n${'b'.repeat(1_000_000)}\nc\n`)
    expect(blocks[0]).toBe('a\n')
    expect(blocks[1]!.length).toBeGreaterThan(300_000)
    expect(blocks[1]!.length).toBeLessThan(600_000)
    expect(progress).toEqual({ bytesRead: 1_000_005, bytesTotal: 1_000_005 })
  })
})
