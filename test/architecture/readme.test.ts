import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { TOPIC_DEFAULTS } from '../../src/config/defaults.ts'
import { parseConfig } from '../../src/config/load-config.ts'
import { commandEventExample } from '../../src/events/command-event.ts'
import { comparisonEventExample } from '../../src/events/comparison-event.ts'
import { deploymentEventExample } from '../../src/events/deployment-event.ts'
import { driftEventExample } from '../../src/events/drift-event.ts'
import { featureEvent } from '../../src/events/feature-event.ts'
import { labelEvent } from '../../src/events/label-event.ts'
import { referenceEventExample } from '../../src/events/reference-event.ts'
import { retrainRequestExample } from '../../src/events/retrain-request.ts'
import { streamHealthEventExample } from '../../src/events/stream-health-event.ts'
import { trainerInput } from '../../src/events/training-row.ts'
import { triggerStatusEventExample } from '../../src/events/trigger-status-event.ts'
import { createCommandTrainer } from '../../src/retraining/trainers/command.ts'
import { ROOMS } from '../../tools/import-law/law.ts'
import { readSources } from '../../tools/import-law/read-sources.ts'
import { trainToEnd } from '../support/train-to-end.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'docs/events.md',
  'docs/operations.md',
  'docs/errors.md',
  'docs/reliability.md',
  'docs/triggers.md',
]
const pages = PAGES.map((path) => ({ path, text: read(path) }))
const readme = read('README.md')
const architecture = read('ARCHITECTURE.md')

/** The fenced blocks of one language, in order; those of a list lose its indentation. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'))].map(
    ([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
}

/** What stands between single backticks. */
function quoted(text: string): string[] {
  const prose = text.replaceAll(/^ *```.*?^ *```$/gms, '')
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}

/** First cells of the rows of the table that has this heading row. */
function rowsUnder(text: string, heading: string): string[][] {
  const lines = text.split('\n')
  const rows = lines.slice(lines.indexOf(heading) + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  const cells = (line: string) => line.split('|').map((cell) => cell.trim().replaceAll('`', ''))
  return rows.slice(0, end).map((line) => cells(line).slice(1, -1))
}

/** A heading's anchor, as GitHub makes it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

describe.each(pages)('$path', ({ path, text }) => {
  it('names only files that exist', () => {
    const folders = /^(src|test|tools|docs|examples|bench|deploy|\.ci)\/[\w./-]*$/
    const named = quoted(text).filter((code) => folders.test(code))
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  it('links only to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false
      const [file = '', section] = link.split('#')
      const target = file === '' ? path : relative(root, join(root, dirname(path), file))
      if (!existsSync(join(root, target))) return true
      const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading))
      return section !== undefined && !headings.includes(section)
    })
    expect(broken).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, script = '']) => script)
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  it('names only functions that exist', () => {
    const sources = [...readSources(join(root, 'src')).values()].join('\n')
    const named = quoted(text).flatMap((code) => /^(?:[A-Z]\w+\.)?(\w+)\(\)$/.exec(code)?.[1] ?? [])
    expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources))).toEqual([])
  })
})

describe('README.md', () => {
  it('shows events and a trainer input that their schemas take, key for key', () => {
    const schemas: readonly z.ZodType[] = [featureEvent, labelEvent, trainerInput]
    const shown = blocks(readme, 'json').map((block) => JSON.parse(block) as object)
    expect(shown).toHaveLength(schemas.length)
    for (const [index, example] of shown.entries()) {
      expect(Object.keys(schemas[index]!.parse(example) as object)).toEqual(Object.keys(example))
    }
  })

  it('shows a configuration that loads, and features that it watches', () => {
    const [yaml = ''] = blocks(readme, 'yaml')
    const flights = parseConfig(yaml).models.get('flights')!
    const event = featureEvent.parse(JSON.parse(blocks(readme, 'json')[0]!))
    expect([...flights.features.keys()]).toEqual(Object.keys(event.features))
    const types = Object.values(event.features).map((value) =>
      typeof value === 'number' ? 'numeric' : 'categorical',
    )
    expect([...flights.features.values()].map(({ type }) => type)).toEqual(types)
  })

  it('shows a trainer that trains', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'driftstream-readme-'))
    try {
      const [script = ''] = blocks(readme, 'js')
      await writeFile(join(directory, 'trainer.mjs'), script)
      const row = (id: number, origin: string) => ({ id: String(id), at: id, features: { origin } })
      const train = [0, 1, 2, 3].map((id) => ({ ...row(id, id < 2 ? 'DEN' : 'SLC'), label: id < 2 ? 1 : 0 }))
      const lines = (rows: readonly object[]) => rows.map((each) => `${JSON.stringify(each)}\n`).join('')
      await writeFile(join(directory, 'train.jsonl'), lines(train))
      await writeFile(join(directory, 'holdout.jsonl'), lines([row(4, 'DEN'), row(5, 'SLC')]))
      const command = [process.execPath, join(directory, 'trainer.mjs')]
      const options = {
        kind: 'command' as const,
        command,
        timeLimitMs: 15_000,
        workingDirectory: directory,
        environment: {},
      }
      const input = {
        ...trainerInput.parse(JSON.parse(blocks(readme, 'json')[2]!)),
        trainPath: join(directory, 'train.jsonl'),
        holdoutPath: join(directory, 'holdout.jsonl'),
        artifactDirectory: directory,
        resultPath: join(directory, 'result.json'),
      }
      const offered = { restarts: 0, offerForMs: Number.POSITIVE_INFINITY }
      const task = { input, directory: join(directory, 'job'), ...offered }
      const outcome = await trainToEnd(createCommandTrainer(options), task)
      expect(outcome).toMatchObject({
        kind: 'trained',
        predictions: [
          { id: '4', prediction: 1, score: 0.75 },
          { id: '5', prediction: 0, score: 0.25 },
        ],
      })
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  it('lists the exit codes there are', () => {
    const codes = rowsUnder(readme, '| exit code | meaning |').map(([code]) => Number(code))
    expect(codes).toEqual(Object.values(EXIT))
  })

  it('lists the topics by their default names', () => {
    const topics = rowsUnder(readme, '| topic (default name) | key | what | written by | read by |')
    expect(topics.map(([topic]) => topic)).toEqual(Object.values(TOPIC_DEFAULTS))
  })

  it('speaks of commands that exist', () => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), '--help'], {
      encoding: 'utf8',
    })
    const commands = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, command = '']) => command)
    expect(commands).toContain('observe')
    const spoken = pages
      .flatMap(({ text }) => quoted(text))
      .flatMap((code) => /^driftstream ([a-z]+)/.exec(code)?.[1] ?? [])
    expect(spoken.length).toBeGreaterThan(5)
    expect(spoken.filter((command) => !commands.includes(command))).toEqual([])
  })
})

describe('ARCHITECTURE.md', () => {
  it('has the rooms of the law, in its order and of its kind', () => {
    const rooms = rowsUnder(architecture, '| room | kind | holds | must not |')
    expect(rooms.map(([name]) => name)).toEqual(ROOMS.map(({ name }) => name))
    expect(rooms.map(([, kind]) => kind === 'PURE')).toEqual(ROOMS.map(({ pure }) => pure))
  })

  it('numbers its invariants without a gap, each with a place and a test', () => {
    const [, section = ''] = /\n## Invariants\n(.*?)\n## /s.exec(architecture) ?? []
    const invariants = section.split('\n').filter((line) => /^\d+\. /.test(line))
    expect(invariants.map((line) => Number.parseInt(line, 10))).toEqual(invariants.map((_, i) => i + 1))
    expect(invariants.length).toBeGreaterThan(20)
    expect(invariants.filter((line) => !/`(src|tools)\//.test(line))).toEqual([])
    expect(invariants.filter((line) => !/`test\/|Held by the journey/.test(line))).toEqual([])
  })
})

describe('docs/events.md', () => {
  it('shows the examples of the code', () => {
    expect(blocks(read('docs/events.md'), 'json').map((block) => JSON.parse(block))).toEqual([
      driftEventExample,
      retrainRequestExample,
      deploymentEventExample,
      comparisonEventExample,
      commandEventExample,
      referenceEventExample,
      streamHealthEventExample,
      triggerStatusEventExample,
    ])
  })
})
