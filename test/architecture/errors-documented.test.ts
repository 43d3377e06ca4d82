import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ERROR_FATES } from '../../src/errors/codes.ts'
import { readSources } from '../../tools/import-law/read-sources.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const [fatesPart = '', codesPart = ''] = readFileSync(`${root}docs/errors.md`, 'utf8').split('\n## Codes\n')

/** The rows of a table, without its header, as cells. */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

const documented = rowsOf(codesPart).map(([code = '', fate = '', when = '', advice = '']) => ({
  code: code.replaceAll('`', ''),
  fate: fate.replaceAll('`', ''),
  when,
  advice,
}))

describe('docs/errors.md', () => {
  it('lists the codes of the table, all of them and no others, in its order', () => {
    expect(documented.map(({ code }) => code)).toEqual(Object.keys(ERROR_FATES))
  })

  it.each(documented)('gives $code the fate it has', ({ code, fate }) => {
    expect(fate).toBe(ERROR_FATES[code as keyof typeof ERROR_FATES])
  })

  it.each(documented)('says of $code when it appears and what to do', ({ when, advice }) => {
    expect(when).toMatch(/\.$/)
    expect(advice).toMatch(/\.$/)
  })

  it('explains the fates there are, all of them and no others', () => {
    const explained = rowsOf(fatesPart).map(([fate = '']) => fate.replaceAll('`', ''))
    expect(explained).toEqual([...new Set(Object.values(ERROR_FATES))])
  })
})

describe('every error code', () => {
  // The examples too: a trainer is a program of its own, and raises what trainers raise.
  const sources = [...readSources(`${root}src`), ...readSources(`${root}examples`)].filter(
    ([file]) => file !== 'errors/codes.ts',
  )

  it.each(Object.keys(ERROR_FATES))('%s is raised somewhere', (code) => {
    const users = sources.filter(([, text]) => text.includes(`'${code}'`)).map(([file]) => file)
    expect(users).not.toEqual([])
  })
})
