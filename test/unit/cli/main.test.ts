import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { referenceEvent } from '../../../src/events/reference-event.ts'
import { MAIN, runCli } from '../../support/run-cli.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'driftstream-cli-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const driftstream = (...args: string[]) => runCli(directory, ...args)

const GOOD = `
kafka: { brokers: [localhost:9092] }
models:
  small: { version: 1, task: binary, features: { x: numeric, c: categorical } }
`

describe('driftstream', () => {
  it('answers an unknown command and a missing option with 2, and help with 0', async () => {
    expect(await driftstream('frobnicate')).toMatchObject({ code: 2, stdout: '' })
    expect(await driftstream('reference', 'build', 'x.csv')).toMatchObject({ code: 2 })
    const help = await driftstream('--help')
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('observe')
    expect((await driftstream('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('dlq refuses a code that no dead letter can have before it looks for any', async () => {
    const slip = await driftstream('dlq', 'replay', '--code', 'MODEL_UNKOWN')
    expect(slip).toMatchObject({ code: 2, stdout: '' })
    expect(slip.stderr).toContain('did you mean MODEL_UNKNOWN?')
    const other = await driftstream('dlq', 'list', '--code', 'PRODUCER_FENCED')
    expect(other).toMatchObject({ code: 2, stdout: '' })
    expect(other.stderr).toContain('expected one of EVENT_UNDECODABLE, EVENT_INVALID')
  })

  it('ends quietly when nobody reads on', async () => {
    await writeFile(join(directory, 'driftstream.yaml'), GOOD)
    const child = spawn(process.execPath, [MAIN, 'config', 'show'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (chunk) => (stderr += chunk))
    expect([...(await once(child, 'close')), stderr]).toEqual([0, null, ''])
  })

  it('config check lists every fault at once and exits with 78', async () => {
    await writeFile(
      join(directory, 'driftstream.yaml'),
      GOOD.replace('task', 'tusk').replace('localhost:9092', 'nowhere'),
    )
    const { code, stderr } = await driftstream('config', 'check')
    expect(code).toBe(78)
    expect(stderr).toContain('kafka.brokers[0]')
    expect(stderr).toContain('did you mean "task"?')
    expect(await driftstream('config', 'check', '-c', 'absent.yaml')).toMatchObject({ code: 78 })
  })

  it('retrain with a model refuses one that is not configured, and a limit that is no duration', async () => {
    await writeFile(join(directory, 'driftstream.yaml'), GOOD)
    const unknown = await driftstream('retrain', 'large')
    expect(unknown).toMatchObject({ code: 78, stdout: '' })
    expect(unknown.stderr).toContain('expected one of the configured models small; got "large"')
    const limit = await driftstream('retrain', 'small', '--wait', '--wait-limit', 'soon')
    expect(limit).toMatchObject({ code: 2, stdout: '' })
    expect(limit.stderr).toContain('expected --wait-limit to be a duration such as 10m, got "soon"')
  })

  it('config check names the models of a good file', async () => {
    await writeFile(join(directory, 'driftstream.yaml'), GOOD)
    expect(await driftstream('config', 'check')).toMatchObject({
      code: 0,
      stdout: 'driftstream.yaml: good. Models: small\n',
    })
  })

  it('reference build writes what the file holds, outcomes included', async () => {
    await writeFile(join(directory, 'driftstream.yaml'), GOOD)
    const rows = Array.from(
      { length: 300 },
      (_, i) => `${i / 10},${'abc'[i % 3]},${i % 2},0.${1 + (i % 8)},${i % 2}`,
    )
    await writeFile(join(directory, 'rows.csv'), `x,c,prediction,score,label\n${rows.join('\n')}\n`)
    const built = await driftstream(
      'reference',
      'build',
      'rows.csv',
      '--model',
      'small',
      '-o',
      'reference.json',
    )
    expect(built).toMatchObject({ code: 0, stdout: '' })
    expect(built.stderr).toContain('300 rows, 2 features, 300 outcomes')
    const event = referenceEvent.parse(JSON.parse(await readFile(join(directory, 'reference.json'), 'utf8')))
    expect(event).toMatchObject({
      model: 'small',
      version: '1',
      m: 300,
      performance: { n: 300, correct: 300 },
    })
    expect(event.features.map(({ name }) => name)).toEqual(['x', 'c'])
  })

  it('reference build keeps base windows of a column of times, and show tells of them', async () => {
    await writeFile(join(directory, 'driftstream.yaml'), GOOD)
    const rows = Array.from({ length: 400 }, (_, i) => `${i},${'abc'[i % 3]},${60_000 * i}`)
    await writeFile(join(directory, 'rows.csv'), `x,c,when\n${rows.join('\n')}\n`)
    const build = (...flags: string[]) =>
      driftstream('reference', 'build', 'rows.csv', '-m', 'small', '-o', 'reference.json', ...flags)
    const show = () => driftstream('reference', 'show', '--file', 'reference.json')

    expect((await build()).stderr).toContain('0 base windows')
    expect((await show()).stdout).toContain(
      'without rows with times, dependence between rows cannot be known',
    )

    expect(await build('--time', 'when', '--window', '1h')).toMatchObject({ code: 0 })
    const { panes } = referenceEvent.parse(
      JSON.parse(await readFile(join(directory, 'reference.json'), 'utf8')),
    )
    // 400 minutes are six whole hours and a piece.
    expect(panes).toMatchObject({ encoding: 2, windowMs: 3_600_000, count: 6 })
    const { stdout } = await show()
    expect(stdout).toContain(
      'base windows: 6 of 1h, 1970-01-01T00:00:00.000Z to 1970-01-01T06:00:00.000Z, with 360 of 400 rows',
    )
    expect(stdout).toContain('too few to know dependence')
    // The numbers rise from window to window.
    expect(Number(/^x .* (\S+) *$/m.exec(stdout)?.[1])).toBeGreaterThan(5)

    for (const flags of [
      ['--window', '60'],
      ['--time', 'c'],
      ['--time', 'nowhere'],
    ]) {
      expect(await build(...flags)).toMatchObject({ code: 78 })
    }
  })

  it('reference build refuses a file without the features, and one that is not there', async () => {
    await writeFile(join(directory, 'driftstream.yaml'), GOOD)
    await writeFile(join(directory, 'rows.csv'), 'a,b\n1,2\n')
    const without = await driftstream('reference', 'build', 'rows.csv', '--model', 'small')
    expect(without.code).toBe(78)
    expect(without.stderr).toContain('expected a column of at least one feature (x, c)')
    expect(await driftstream('reference', 'build', 'no.csv', '--model', 'small')).toMatchObject({ code: 78 })
    expect(await driftstream('reference', 'build', 'rows.csv', '--model', 'other')).toMatchObject({
      code: 78,
    })
  })

  it('demo refuses a plant it does not know before it does anything', async () => {
    const { code, stderr } = await driftstream('demo', '--plant', 'tulips')
    expect(code).toBe(78)
    expect(stderr).toContain('--plant: expected one of all, broken-pipe, changed-world, none, got tulips')
    expect(await driftstream('demo', '--nonsense')).toMatchObject({ code: 2 })
    expect((await driftstream('demo', '--help')).stdout).toContain('--brokers LIST')
  })
})
