import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReplayResult } from '../../../src/replay/result.ts'
import { toReferenceEvent } from '../../../src/sketches/reference-wire.ts'
import { runCli } from '../../support/run-cli.ts'
import { smallHistory } from '../../support/small-history.ts'
import { smallReference } from '../../support/small-pipeline.ts'
import type { SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 20, eventsPerMinute: 100, seed: 3 }

const CONFIGURATION = `
kafka: { brokers: [localhost:9092] }
stream: { paneLength: 1m, grace: 0s, labelWait: 30m }
models:
  small:
    version: 1
    task: binary
    features: { x: numeric, c: categorical }
    windows: { quality: 2m, data: 10m, performance: 10m, longest: 40m, labelDelay: 1m }
    budget: { falseRetrains: 1000 }
    detection: { sampleMin: 100 }
    triggers: { cooldown: 30m, minimumSample: 1000, trainingWindow: 60m }
`

const SUPPORT = fileURLToPath(new URL('../../support/', import.meta.url))
const RETRAINED = `${CONFIGURATION}    retraining:
      holdoutMin: 200
      trainer: { command: [${process.execPath}, ${SUPPORT}small-trainer.ts] }
      predictor: { command: [${process.execPath}, ${SUPPORT}small-predictor.ts] }
`

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'driftstream-replay-cli-'))
  const { features, labels } = smallHistory(world, 70)
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const files = {
    'driftstream.yaml': CONFIGURATION,
    'retrained.yaml': RETRAINED,
    'first.json': '{"weight":3}',
    'f.jsonl': lines(features),
    'l.jsonl': lines(labels),
    'reference.json': JSON.stringify({ ...toReferenceEvent(smallReference(world)), source: 'file' }),
    'hourly.yaml':
      'trigger: { kind: schedule, name: hourly, cron: "0 * * * *" }\ncooldown: 10m\nminimumSample: 0\n',
    'named.yaml': 'models:\n  small: { cooldown: 1d, minimumSample: 0 }\n',
    'faulty.yaml': 'triger: { kind: age }\ncooldown: 10\n',
    'stranger.yaml': 'models:\n  huge: { cooldown: 1d }\n',
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const replay = (...args: string[]) => runCli(directory, 'replay', '-q', ...args)

const FILES = ['-f', 'f.jsonl', '-l', 'l.jsonl', '--reference', 'reference.json']
const POLICIES = ['-p', 'configured', '-p', 'hourly=hourly.yaml', '-p', 'named=named.yaml', '-p', 'never']

describe('driftstream replay', () => {
  it('sets policies side by side, as a table', async () => {
    const { code, stdout } = await replay(...FILES, ...POLICIES, '--changes', '2027-01-01T00:20:00Z')
    expect(code).toBe(0)
    expect(stdout).toContain('7000 predictions and 7000 labels, 2027-01-01 00:00 to 2027-01-01 01:09')
    expect(stdout).toMatch(/^configured +\d+ +[1-9]/m)
    expect(stdout).toMatch(/^never +0 +0 +0 +- +0 +0 /m)
    expect(stdout).toMatch(/performance +retrain +\d min +log-loss .* in the reference$/m)
    expect(stdout).toMatch(/^configured +change 1 +2027-01-01 00:20 +\d min +\d+ min$/m)
    expect(stdout).toMatch(/^never +change 1 +2027-01-01 00:20 +\d min +never$/m)
    expect(stdout).toContain('"0 * * * *" (UTC) was due')
  }, 60_000)

  it('says the same bytes as JSON each time, and only of the range that was asked for', async () => {
    const first = await replay(...FILES, ...POLICIES, '--json')
    expect(first.code).toBe(0)
    expect((await replay(...FILES, ...POLICIES, '--json')).stdout).toBe(first.stdout)
    const told = JSON.parse(first.stdout) as ReplayResult
    expect(told.policies.map(({ name }) => name)).toEqual(['configured', 'hourly', 'named', 'never'])
    expect(told.policies.map(({ models: [model] }) => model!.requested).at(-1)).toBe(0)

    const to = '2027-01-01T00:15:00Z'
    const part = JSON.parse((await replay(...FILES, '--to', to, '--json')).stdout) as ReplayResult
    expect(part.covered).toEqual({ fromMs: world.startMs, toMs: world.startMs + 15 * 60_000 - 600 })
    expect(part.courses[0]!.models[0]!.drift).toEqual([])
  }, 60_000)

  it('really retrains, by the trainer and the predictor of the configuration', async () => {
    const report = join(directory, 'report.html')
    const args = [...FILES, '-c', 'retrained.yaml', '--retrain', '--training-time', '2m', '-p', 'configured']
    const table = await replay(...args, '-p', 'never', '--artifact', 'small=first.json', '--report', report)
    expect(await readFile(report, 'utf8')).toMatch(/^<!doctype html>.*promoted at .*<\/html>\n$/s)
    expect(table).toMatchObject({ code: 0, stderr: '' })
    expect(table.stdout).toMatch(/^configured +\d+ +1 +1 +1 +0 +0 /m)
    expect(table.stdout).toMatch(/^2027-01-01 00:\d\d +configured +2 +promoted +all gates passed$/m)
    const [, retrained = '', never = ''] = [
      ...(/^configured .* (\S+)\n^never .* (\S+)$/m.exec(table.stdout) ?? []),
    ]
    expect(Number(retrained)).toBeLessThan(Number(never))

    const told = JSON.parse((await replay(...args, '--json')).stdout) as ReplayResult
    expect(told.courses[0]!.models[0]!.deployments.map(({ stage }) => stage)).toContain('promoted')
    // Neither the directory of the run nor the process that trained is in what it says.
    expect((await replay(...args, '--json')).stdout).toBe(`${JSON.stringify(told, null, 2)}\n`)

    const kept = join(directory, 'kept')
    expect(await replay(...args, '--json', '--artifacts', kept)).toMatchObject({ code: 0 })
    const { artifact } = told.courses[0]!.models[0]!.deployments.find(({ stage }) => stage === 'promoted')!
    expect(JSON.parse(await readFile(join(kept, artifact!), 'utf8'))).toEqual({ weight: -3 })
    // Trainings of another run would be taken for its own.
    expect(await replay(...args, '--artifacts', kept)).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/--artifacts: expected an empty directory/),
    })
    expect(await replay(...FILES, '--retrain')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('models.small.retraining.predictor'),
    })
  }, 120_000)

  it('refuses with 78 what it cannot use, and says why; usage errors are 2', async () => {
    const refused: readonly (readonly [readonly string[], RegExp])[] = [
      [['-f', 'none.csv'], /HISTORY_INVALID.*none\.csv/s],
      [['-f', 'f.jsonl', '-p', 'x'], /--policy: expected name=file/],
      [['-f', 'f.jsonl', '-p', 'x=faulty.yaml'], /2 faults in faulty\.yaml.*did you mean "trigger"/s],
      [['-f', 'f.jsonl', '-p', 'x=stranger.yaml'], /models\.huge: expected a configured model: small/],
      [['-f', 'f.jsonl', '-p', 'x=absent.yaml'], /absent\.yaml/],
      [['-f', 'f.jsonl', '-p', 'never', '-p', 'never'], /each name once/],
      [['-f', 'f.jsonl', '--from', 'soon'], /--from: expected a day/],
      [['-f', 'f.jsonl', '--offsets', 'features:0=1..2'], /--offsets: expected --kafka/],
      [['-f', 'f.jsonl', '--kafka'], /--kafka: expected neither --features/],
      [['-f', 'f.jsonl', '--training-time', '5'], /--training-time: expected a duration/],
      [['-f', 'f.jsonl', '-c', 'retrained.yaml', '--retrain', '--approval', 'maybe'], /one of yes, no, none/],
      [['-f', 'f.jsonl', '--from', '2030-01-01'], /there is none in the range/],
    ]
    for (const [args, message] of refused) {
      const { code, stderr, stdout } = await replay(...args)
      expect({ args, code, stdout }).toEqual({ args, code: 78, stdout: '' })
      expect(stderr).toMatch(message)
    }
    expect(await replay()).toMatchObject({ code: 78, stderr: expect.stringContaining('--features') })
    expect(await replay('--nothing')).toMatchObject({ code: 2 })
  }, 120_000)
})
