import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readSources } from '../../tools/import-law/read-sources.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const sources = readSources(`${root}src`)

/** Names that say where something was put and not what it is. */
const NAMELESS = /^(utils?|utilities|helpers?|common|commons|misc|shared|managers?)$/i

/** Is one of the words of a file or folder name such a name? `trainer-helpers.ts` hides as much. */
function isNameless(path: string): boolean {
  return path.split(/[/.\-_]/).some((word) => NAMELESS.test(word))
}

describe('src/', () => {
  it('was looked at', () => {
    expect(sources.size).toBeGreaterThan(80)
  })

  it('has no file longer than 300 lines', () => {
    const long = [...sources].map(([file, text]) => ({ file, lines: text.split('\n').length - 1 }))
    expect(long.filter(({ lines }) => lines > 300)).toEqual([])
  })

  it('promises nothing for later', () => {
    const promises = [...sources].flatMap(([file, text]) =>
      text
        .split('\n')
        .flatMap((line, index) => (/\b(TODO|FIXME|XXX|HACK)\b/.test(line) ? `${file}:${index + 1}` : [])),
    )
    expect(promises).toEqual([])
  })

  it('has no file or folder whose name says nothing', () => {
    expect([...sources.keys()].filter(isNameless)).toEqual([])
  })

  it('has kebab-case names', () => {
    expect(
      [...sources.keys()].filter(
        (file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(file),
      ),
    ).toEqual([])
  })
})

describe('test/', () => {
  const tests = [...readSources(`${root}test`)].filter(([file]) => file.endsWith('.test.ts'))

  it('was looked at', () => {
    expect(tests.length).toBeGreaterThan(30)
  })

  it('skips, marks and repeats nothing by hand', () => {
    const marks = /\b(it|test|describe)\.(only|todo|skip|fails)\b|\bretry: *\d/
    // This file names what it looks for.
    const found = tests.filter(([file, text]) => file !== 'architecture/tidy.test.ts' && marks.test(text))
    expect(found.map(([file]) => file)).toEqual([])
  })

  it('mirrors src/ under unit/', () => {
    const rooms = readdirSync(`${root}src`)
    const folders = readdirSync(`${root}test/unit`)
    const others = ['bench', 'deploy', 'examples', 'support', 'tools']
    expect(folders.filter((folder) => !rooms.includes(folder) && !others.includes(folder))).toEqual([])
  })
})
