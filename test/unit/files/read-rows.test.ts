import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../../src/errors/driftstream-error.ts'
import type { FileRow } from '../../../src/files/file-row.ts'
import { readRows } from '../../../src/files/read-rows.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftstream-files-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function rowsOf(path: string): Promise<FileRow[]> {
  const rows: FileRow[] = []
  for await (const batch of readRows(path)) rows.push(...batch)
  return rows
}

async function faultOf(path: string): Promise<DriftstreamError> {
  const error = await rowsOf(path).then(
    (rows) => expect.fail(`expected a fault, got ${rows.length} rows`),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DriftstreamError)
  expect((error as DriftstreamError).code).toBe('REFERENCE_FILE_INVALID')
  expect((error as DriftstreamError).context).toHaveProperty('path', path)
  return error as DriftstreamError
}

describe('readRows of CSV', () => {
  it('tells numbers, texts and missing cells apart', async () => {
    const path = await file('types.csv', '\uFEFFa,b,c\r\n1.50,"x, ""y""",\r\n-2e3,NaN,.5\r\n\r\n')
    expect(await rowsOf(path)).toEqual([
      { a: 1.5, b: 'x, "y"', c: null },
      { a: -2000, b: 'NaN', c: 0.5 },
    ])
  })

  it('leaves codes and identifiers as they are written', async () => {
    const path = await file('codes.csv', 'zip,id,zero,hex\n00501,12345678901234567890,0,0x1F\n')
    expect(await rowsOf(path)).toEqual([{ zip: '00501', id: '12345678901234567890', zero: 0, hex: '0x1F' }])
  })

  it('reads line ends inside quotes and counts them', async () => {
    const path = await file('lines.csv', 'a,b\n"x\ny",1\nz\n')
    const fault = await faultOf(path)
    expect(fault.context.line).toBe(4)
    expect(fault.message).toContain('lines.csv:4')
  })

  it('reads on across pieces, quotes or none, and from the first quote on', async () => {
    const plain = Array.from({ length: 120_000 }, (_, at) => `${at},k${at}`)
    const quoted = plain.map((row, at) => (at === 70_000 ? '"7""0","x\ny"' : row))
    expect((await rowsOf(await file('plain.csv', `n,k\n${plain.join('\n')}`))).at(-1)).toEqual({
      n: 119_999,
      k: 'k119999',
    })
    const rows = await rowsOf(await file('quoted.csv', `n,k\n${quoted.join('\r\n')}\n`))
    expect(rows).toHaveLength(120_000)
    expect(rows[69_999]).toEqual({ n: 69_999, k: 'k69999' })
    expect(rows[70_000]).toEqual({ n: '7"0', k: 'x\ny' })
    expect(rows[119_999]).toEqual({ n: 119_999, k: 'k119999' })
    const broken = await file('late.csv', `n,k\n${quoted.join('\n')}\n1\n`)
    // The header, 120 000 rows, one of them on two lines.
    expect((await faultOf(broken)).message).toContain('late.csv:120003: expected 2 cells, got 1')
  })

  it('reads the line ends of old machines', async () => {
    expect(await rowsOf(await file('mac.csv', 'a,b\r1,2\r3,4\r'))).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ])
  })

  it('takes a column called __proto__ for a column', async () => {
    const path = await file('proto.csv', '__proto__,constructor\n1,2\n')
    const [row] = await rowsOf(path)
    expect(Object.entries(row!)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ])
  })

  it('reads a packed file', async () => {
    const path = await file('packed.csv.gz', gzipSync('a\n1\n2\n'))
    expect(await rowsOf(path)).toEqual([{ a: 1 }, { a: 2 }])
  })

  it('refuses an unclosed quote, a column named twice, and a header alone', async () => {
    expect((await faultOf(await file('quote.csv', 'a\n1\n"2\n'))).message).toMatch(/quote/i)
    expect((await faultOf(await file('twice.csv', 'a,b,a\n1,2,3\n'))).message).toContain('"a" twice')
    expect((await faultOf(await file('header.csv', 'a,b\n'))).message).toContain('expected rows, got none')
  })

  it('is done with the file when the reader stops early', async () => {
    const path = await file('long.csv', `a\n${'1\n'.repeat(600_000)}`)
    const progress = { bytesRead: 0, bytesTotal: 0 }
    for await (const [row] of readRows(path, progress)) {
      expect(row).toEqual({ a: 1 })
      break
    }
    expect(progress.bytesTotal).toBe(2 + 2 * 600_000)
    expect(progress.bytesRead).toBeLessThan(progress.bytesTotal)
  })
})

describe('readRows of JSONL', () => {
  it('reads one object a line, with blank lines, CR LF and line separators inside texts', async () => {
    const path = await file('a.jsonl', '{"a":1}\r\n\n{"a":"x\u2028y","b":null}')
    expect(await rowsOf(path)).toEqual([{ a: 1 }, { a: 'x\u2028y', b: null }])
  })

  it('joins a line that comes in several chunks', async () => {
    const text = 'ü'.repeat(200_000)
    const path = await file('chunks.jsonl', `${JSON.stringify({ text })}\n{"a":1}\n`)
    expect(await rowsOf(path)).toEqual([{ text }, { a: 1 }])
  })

  it('names the broken line', async () => {
    expect((await faultOf(await file('broken.jsonl', '{"a":1}\n\n{"a":\n'))).context.line).toBe(3)
    expect((await faultOf(await file('list.jsonl', '{"a":1}\n[1]\n'))).message).toContain('list.jsonl:2')
    expect((await faultOf(await file('null.jsonl', 'null\n'))).context.line).toBe(1)
    const latin1 = Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n')])
    expect((await faultOf(await file('latin1.jsonl', latin1))).context.line).toBe(2)
  })

  it('refuses a line that would not fit into memory', async () => {
    const path = await file('endless.jsonl', Buffer.alloc(17 * 1024 * 1024, 0x20))
    expect((await faultOf(path)).message).toContain('expected a line of at most')
  })

  it('reads a packed file and refuses one that is not packed', async () => {
    expect(await rowsOf(await file('b.jsonl.gz', gzipSync('{"a":1}\n')))).toEqual([{ a: 1 }])
    await faultOf(await file('c.jsonl.gz', '{"a":1}\n'))
    await faultOf(await file('d.jsonl.gz', gzipSync('{"a":1}\n'.repeat(1000)).subarray(0, 30)))
  })
})

describe('readRows of Parquet', () => {
  // vega-datasets 3.2.1, data/flights-3m.parquet: flights in the USA, 2001, times without a zone.
  // Its package exports no data files, so the path is spelled out.
  const flights = fileURLToPath(
    new URL('../../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url),
  )

  it('streams row group by row group, with plain values', async () => {
    const rows: FileRow[] = []
    for await (const batch of readRows(flights)) {
      rows.push(...batch)
      break
    }
    expect(rows.length).toBeLessThan(10_000)
    expect(rows[0]).toEqual({
      date: Date.UTC(2001, 0, 1, 0, 1),
      delay: 33,
      distance: 2176,
      origin: 'LAS',
      destination: 'PHL',
    })
  })

  it('refuses what is no Parquet', async () => {
    await faultOf(await file('no.parquet', 'PAR1 but not really, and long enough to hold a footer PAR1'))
    await faultOf(await file('empty.parquet', ''))
  })
})

describe('readRows', () => {
  it('refuses other endings, missing files and empty ones', async () => {
    expect((await faultOf(await file('a.xlsx', 'x'))).message).toContain('.parquet')
    await faultOf(join(folder, 'missing.csv'))
    await faultOf(join(folder, 'missing.jsonl'))
    await faultOf(join(folder, 'missing.parquet'))
    await faultOf(await file('empty.csv', ''))
    await faultOf(await file('empty.jsonl', '\n\n'))
  })
})
