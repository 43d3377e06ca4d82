import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkSources } from '../../tools/import-law/check-sources.ts'
import { IMPURE_GLOBALS, ROOMS } from '../../tools/import-law/law.ts'
import { readDependencies, readSources } from '../../tools/import-law/read-sources.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const DEPENDENCIES = new Set(['zod', 'croner', 'kafkajs', 'pino', '@scope/pack'])

/** Every room with one file that keeps the law, so that whatever is planted has somewhere to point. */
const CLEAN: ReadonlyMap<string, string> = new Map([
  ...ROOMS.map(({ name }) => [`${name}/index.ts`, 'export type Thing = number\n'] as const),
  ['retraining/trainers/command.ts', "import { spawn } from 'node:child_process'\nexport { spawn }\n"],
  ['log/kafkajs/open.ts', "import { Kafka } from 'kafkajs'\nexport { Kafka }\n"],
])

/** `file:line what` of every breach once `text` stands at `file` beside the clean sources. */
function breachesOf(file: string, text: string): string[] {
  const { breaches } = checkSources(new Map([...CLEAN, [file, text]]), DEPENDENCIES)
  return breaches.map((breach) => `${breach.file}:${breach.line} ${breach.what}`)
}

describe('the import law on planted breaches', () => {
  it('has nothing to say where there is none', () => {
    expect(checkSources(CLEAN, DEPENDENCIES)).toEqual({ breaches: [], files: ROOMS.length + 2, imports: 2 })
  })

  it.each([
    ['an upward import', "import { observe } from '../steps/index.ts'", "imports '../steps/index.ts'"],
    [
      'an upward type import',
      "import type { Thing } from '../steps/index.ts'",
      "imports '../steps/index.ts'",
    ],
    ['an upward re-export', "export * from '../steps/index.ts'", "re-exports '../steps/index.ts'"],
    [
      'an upward type re-export',
      "export type { Thing } from '../steps/index.ts'",
      "re-exports '../steps/index.ts'",
    ],
    [
      'an inline upward type',
      "export type Far = import('../steps/index.ts').Thing",
      "names a type of '../steps/index.ts'",
    ],
    [
      'an inline upward type in an argument',
      "export function f(thing: Map<string, import('../steps/index.ts').Thing>) { return thing }",
      "names a type of '../steps/index.ts'",
    ],
    [
      'an upward path by detour',
      "import type { Thing } from '../errors/../steps/./index.ts'",
      "imports '../errors/../steps/./index.ts'",
    ],
    ['a side-effect import', "import '../steps/index.ts'", "imports '../steps/index.ts'"],
    [
      'a dynamic import',
      "export const late = import('../errors/index.ts')",
      "imports dynamically '../errors/index.ts'",
    ],
    [
      'a computed dynamic import',
      'export const late = (name: string) => import(`../errors/` + name)',
      'imports dynamically a computed name',
    ],
    ['require', "export const zod = require('zod')", "calls require on 'zod'"],
    ['import =', "import zod = require('zod')", 'imports by "import =" \'zod\''],
    [
      'a builtin by the back door',
      "export const load = (host: any) => host.getBuiltinModule('node:fs')",
      "calls getBuiltinModule on 'node:fs'",
    ],
    ['a reference comment', '/// <reference types="node" />', "a reference comment to 'node'"],
    ['a node builtin', "import { readFileSync } from 'node:fs'", "imports 'node:fs'"],
    ['a type of a node builtin', "import type { Socket } from 'node:net'", "imports 'node:net'"],
    ['a bare builtin', "import { readFileSync } from 'fs'", "imports 'fs'"],
    ['a bare builtin with a path', "import { readFile } from 'fs/promises'", "imports 'fs/promises'"],
    ['a package for the edges', "import pino from 'pino'", "imports 'pino'"],
    ['a package that is not installed', "import _ from 'lodash'", "imports 'lodash'"],
    ['a scoped package for the edges', "import { a } from '@scope/pack/deep'", "imports '@scope/pack/deep'"],
    [
      'a path out of the sources',
      "import { x } from '../../test/support/x.ts'",
      "imports '../../test/support/x.ts'",
    ],
    ['a file that is not there', "import { x } from './missing.ts'", "imports './missing.ts'"],
    ['a file under its built name', "import { x } from '../errors/index.js'", "imports '../errors/index.js'"],
    ['an alias', "import { x } from '#errors'", "imports '#errors'"],
    ['an absolute path', "import { x } from '/etc/x.ts'", "imports '/etc/x.ts'"],
  ])('finds %s in a pure room', (_what, line, breach) => {
    expect(breachesOf('detectors/planted.ts', `// a line before\n\n${line}\n`)).toEqual([
      `detectors/planted.ts:3 ${breach}`,
    ])
  })

  it.each([
    ['the clock', 'export const f = () => Date.now()', 'uses Date.now'],
    ['the clock by its computed name', "export const f = () => Date['now']()", 'uses Date.now'],
    ['a date of now', 'export const f = () => new Date()', 'uses new Date()'],
    ['a date text of now', 'export const f = () => Date()', 'uses Date()'],
    ['a date of perhaps now', 'export const f = (a: []) => new Date(...a)', 'uses new Date(...)'],
    ['a local date', 'export const f = () => new Date(2001, 0)', 'uses new Date(year, month, …)'],
    ['the clock under another name', 'const { now } = Date\nexport { now }', 'hands Date on'],
    ['a passed-on clock', 'export const f = (g: (d: unknown) => void) => g(Date)', 'hands Date on'],
    ['chance', 'export const f = () => Math.random()', 'uses Math.random'],
    ['chance by optional call', 'export const f = () => Math?.random?.()', 'uses Math.random'],
    ['chance under another name', 'const { random } = Math\nexport { random }', 'hands Math on'],
    ['another clock', 'export const f = () => performance.now()', 'uses performance.now'],
    ['the environment', 'export const f = () => process.env.HOME', 'uses process.env'],
    ['the environment in a class', 'export class A { home = process.env.HOME }', 'uses process.env'],
    ['the environment as a default', 'export const f = (at = process.pid) => at', 'uses process.pid'],
    ['the environment in shorthand', 'export const f = () => ({ process })', 'uses process'],
    ['the environment behind a cast', 'export const f = () => (process as any).env', 'uses process'],
    ['the environment behind a bang', 'export const f = () => process!.env', 'uses process'],
    [
      'the environment beside a local of that name',
      'export const f = () => { { const process = 1; void process } return process }',
      'uses process',
    ],
    ['timers', 'export const f = (g: () => void) => setTimeout(g, 1)', 'uses setTimeout'],
    ['the network', "export const f = () => fetch('http://x')", 'uses fetch'],
    ['output', "export const f = () => console.log('x')", 'uses console.log'],
    ['randomness of the platform', 'export const f = () => crypto.randomUUID()', 'uses crypto.randomUUID'],
    ['a global by the long way', 'export const f = () => globalThis.Date.now()', 'uses globalThis.Date'],
    ['code from text', "export const f = () => eval('1')", 'uses eval'],
    ['the time zone', 'export const f = (at: Date) => at.getHours()', 'uses .getHours'],
    ['the locale', 'export const f = (a: string, b: string) => a.localeCompare(b)', 'uses .localeCompare'],
  ])('finds %s in a pure room', (_what, text, breach) => {
    const found = breachesOf('statistics/planted.ts', `${text}\n`)
    expect(found.map((line) => line.replace(/^\S+ /, ''))).toEqual([breach])
  })

  it('takes a declaration for what it is: the word of somebody else', () => {
    const text = 'declare const process: any\nexport const f = () => process.env\n'
    expect(breachesOf('statistics/planted.ts', text)).toContain('statistics/planted.ts:2 uses process.env')
  })

  it.each([...IMPURE_GLOBALS.keys()])('finds the global %s', (name) => {
    expect(breachesOf('errors/planted.ts', `export const planted = ${name}\n`)).toEqual([
      `errors/planted.ts:1 uses ${name}`,
    ])
  })

  it.each([
    [
      'dates made of values',
      'export const f = (ms: number) => [new Date(ms), Date.UTC(2001, 0), Date.parse("x")]',
    ],
    ['a question for dates', 'export const f = (x: unknown) => x instanceof Date'],
    ['arithmetic', 'export const f = (x: number) => Math.sqrt(x)'],
    [
      'properties of those names',
      'export const f = (x: any) => [x.performance.now, x.process, { process: 1, fetch() {} }]',
    ],
    ['a parameter of that name', 'export const f = (performance: { now: number }) => performance.now'],
    [
      'a destructured name',
      'export const f = ({ performance = 1 }) => { const [process, ...fetch] = [performance]; return [process, fetch] }',
    ],
    ['a function of that name', 'function fetch() { return 1 }\nexport const f = () => fetch()'],
    [
      'a loop over that name',
      'export const f = (all: number[]) => { for (const process of all) void process; for (let global = 0; global < 1; global++); try {} catch (console) { void console } }',
    ],
    [
      'types of those names',
      'export type P = typeof process\nexport interface Q { console: Date; fetch(): Math }',
    ],
    ['universal time', 'export const f = (at: Date) => at.getUTCHours()'],
    [
      'pure packages and rooms before',
      "import { z } from 'zod'\nimport type { Thing } from '../errors/index.ts'\nexport { z, type Thing }",
    ],
  ])('leaves alone %s', (_what, text) => {
    expect(breachesOf('steps/planted.ts', `${text}\n`)).toEqual([])
  })

  it('lets the edges do what edges are for, and no more', () => {
    expect(
      breachesOf(
        'files/planted.ts',
        "import { readFileSync } from 'node:fs'\nexport const at = () => [Date.now(), readFileSync]\n",
      ),
    ).toEqual([])
    expect(breachesOf('files/planted.ts', "import { Kafka } from 'kafkajs'\nexport { Kafka }\n")).toEqual([
      "files/planted.ts:1 imports 'kafkajs'",
    ])
    expect(breachesOf('files/planted.ts', "import { join } from 'path'\nexport { join }\n")).toEqual([
      "files/planted.ts:1 imports 'path'",
    ])
  })

  it.each([
    ['retraining/planted.ts', 'import', 1],
    ['steps/planted.ts', 'import type', 1],
    ['config/planted.ts', 'import', 1],
    ['config/planted.ts', 'import type', 0],
    ['consumers/planted.ts', 'import', 0],
    ['producers/planted.ts', 'import', 1],
    ['cli/planted.ts', 'import', 0],
    ['retraining/trainers/planted.ts', 'import', 0],
  ])('in %s, %s of a trainer: %d breaches', (file, verb, count) => {
    const up = file.startsWith('retraining/trainers/')
      ? '.'
      : file.startsWith('retraining/')
        ? './trainers'
        : '../retraining/trainers'
    expect(breachesOf(file, `${verb} { spawn } from '${up}/command.ts'\n`)).toHaveLength(count)
  })

  it('lets a trainer start programs, and import nothing behind its room', () => {
    expect(breachesOf('retraining/trainers/planted.ts', "import '../../steps/index.ts'\n")).toEqual([
      "retraining/trainers/planted.ts:1 imports '../../steps/index.ts'",
    ])
  })

  it.each(['utilities/planted.ts', 'planted.ts', 'steps/planted.js', 'steps/planted.mts'])(
    'finds %s outside every room',
    (file) => {
      expect(breachesOf(file, 'export const a = 1\n')).toEqual([`${file}:1 stands in no room`])
    },
  )

  it('finds a file that cannot be read', () => {
    expect(breachesOf('steps/planted.ts', 'const const\n')[0]).toMatch(
      /^steps\/planted\.ts:1 cannot be read: /,
    )
  })

  it('finds circles once each, through types too, by their shortest way', () => {
    const sources = new Map([
      ...CLEAN,
      ['steps/a.ts', "\nimport type { B } from './b.ts'\n"],
      ['steps/b.ts', "import { c } from './c.ts'\nimport { d } from './d.ts'\n"],
      ['steps/c.ts', "import { d } from './d.ts'\n"],
      ['steps/d.ts', "import { a } from './a.ts'\n"],
      ['steps/e.ts', "import { e } from './e.ts'\n"],
      ['steps/f.ts', "import { a } from './a.ts'\n"],
    ])
    const { breaches } = checkSources(sources, DEPENDENCIES)
    expect(breaches.map(({ file, line, what }) => `${file}:${line} ${what}`)).toEqual([
      'steps/a.ts:2 imports in a circle: steps/a.ts → steps/b.ts → steps/d.ts → steps/a.ts',
      'steps/e.ts:1 imports in a circle: steps/e.ts → steps/e.ts',
    ])
  })
})

describe('the import law on src/', () => {
  it('is kept, and was looked at', () => {
    const sources = readSources(`${root}src`)
    const { breaches, files, imports } = checkSources(sources, readDependencies(`${root}package.json`))
    expect(breaches).toEqual([])
    // An empty run passes everything: these are floors, well under what is there.
    expect(files).toBeGreaterThan(80)
    expect(imports).toBeGreaterThan(300)
  })
})

describe('npm run law', () => {
  const check = `${root}tools/import-law/check.ts`
  const run = (folder: string) => spawnSync(process.execPath, [check, folder], { encoding: 'utf8' })

  it('prints one line a breach and fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'import-law-'))
    await mkdir(join(folder, 'errors'))
    await writeFile(join(folder, 'errors/planted.ts'), "import { readFileSync } from 'fs'\nprocess.exit()\n")
    const { status, stdout } = run(folder)
    await rm(folder, { recursive: true })
    expect(status).toBe(1)
    expect(stdout.split('\n')).toEqual([
      "src/errors/planted.ts:1: imports 'fs': write node:fs, so that no package can take its place",
      expect.stringMatching(/^src\/errors\/planted\.ts:2: uses process\.exit: errors is pure: /),
      'import law: 1 files, 1 imports, 2 breaches',
      '',
    ])
  })

  it('fails where there is nothing to check', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'import-law-'))
    const { status, stdout } = run(folder)
    await rm(folder, { recursive: true })
    expect([status, stdout]).toEqual([1, 'import law: 0 files, 0 imports, 0 breaches\n'])
  })
})
