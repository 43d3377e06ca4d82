import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TrainerInput } from '../../../../src/events/training-row.ts'
import {
  type CommandTrainerOptions,
  createCommandTrainer,
} from '../../../../src/retraining/trainers/command.ts'
import { trainToEnd } from '../../../support/train-to-end.ts'

const HOLDOUT = ['h1', 'h2', 'h3']

/** Runs in the child before each script: `input` and the usual ways to answer. */
const PRELUDE = `
  const fs = require('node:fs')
  const path = require('node:path')
  const { spawn } = require('node:child_process')
  const readInput = () => JSON.parse(fs.readFileSync(0, 'utf8'))
  const rows = (file) => fs.readFileSync(file, 'utf8').trim().split('\\n').map((line) => JSON.parse(line))
  const predict = (input, lines) => {
    const predictionsPath = path.join(input.artifactDirectory, 'predictions.jsonl')
    fs.writeFileSync(predictionsPath, lines.map((line) => JSON.stringify(line) + '\\n').join(''))
    return predictionsPath
  }
  const answer = (input, result) => fs.writeFileSync(input.resultPath, JSON.stringify(result))
  const answerAll = (input) => {
    const lines = rows(input.holdoutPath).map(({ id }) => ({ id, prediction: 1, score: 0.75 }))
    answer(input, { artifact: 'model.json', predictionsPath: predict(input, lines) })
  }
  const hang = () => setInterval(() => {}, 1000)
`

let folder: string
let input: TrainerInput

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftstream-trainer-'))
  input = {
    requestId: '77aa0c4de19b2f35',
    idempotencyKey: '1f0e2d3c4b5a6978',
    deadlineAt: null,
    model: 'flights',
    fromVersion: '1',
    toVersion: '2',
    trainPath: join(folder, 'train.jsonl'),
    holdoutPath: join(folder, 'holdout.jsonl'),
    artifactDirectory: folder,
    resultPath: join(folder, 'result.json'),
  }
  const holdout = HOLDOUT.map((id, at) => `${JSON.stringify({ id, at, features: { distance: 300 } })}\n`)
  writeFileSync(input.holdoutPath, holdout.join(''))
  writeFileSync(input.trainPath, '')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function trainer(script: string, options: Partial<CommandTrainerOptions> = {}, killGraceMs = 200) {
  const file = join(folder, 'trainer.cjs')
  writeFileSync(file, PRELUDE + script)
  const created = createCommandTrainer(
    {
      kind: 'command',
      command: [process.execPath, file],
      timeLimitMs: 15_000,
      workingDirectory: null,
      environment: {},
      ...options,
    },
    killGraceMs,
  )
  // Each run is a training of its own, whatever the one before left in the folder.
  const directory = mkdtempSync(join(folder, 'job-'))
  return {
    train: (input: TrainerInput, signal: AbortSignal) =>
      trainToEnd(created, { input, directory, restarts: 0, offerForMs: Number.POSITIVE_INFINITY }, signal),
  }
}

const run = (script: string, options: Partial<CommandTrainerOptions> = {}) =>
  trainer(script, options).train(input, new AbortController().signal)

async function reasonOf(script: string, options: Partial<CommandTrainerOptions> = {}): Promise<string> {
  const outcome = await run(script, options)
  return outcome.kind === 'failed' ? outcome.reason : `${outcome.kind}, but a failure was expected`
}

/** A zombie that nobody has reaped is dead too. */
function isAlive(pid: number): boolean {
  try {
    return !/^Z/.test(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }))
  } catch {
    return false
  }
}

const pidIn = (file: string) =>
  vi.waitFor(
    () => {
      const pid = Number(readFileSync(join(folder, file), 'utf8'))
      expect(pid).toBeGreaterThan(1)
      return pid
    },
    { timeout: 10_000, interval: 20 },
  )

const expectDead = (pid: number) =>
  vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 20 })

describe('a trainer that works', () => {
  it('reads its input, and its result and predictions are handed on', async () => {
    const outcome = await run(`
      const input = readInput()
      fs.writeFileSync(path.join(input.artifactDirectory, 'seen.json'), JSON.stringify(input))
      answerAll(input)
    `)
    expect(outcome).toEqual({
      kind: 'trained',
      result: { artifact: 'model.json', predictionsPath: join(folder, 'predictions.jsonl'), notes: '' },
      predictions: HOLDOUT.map((id) => ({ id, prediction: 1, score: 0.75 })),
    })
    expect(JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'))).toEqual(input)
  })

  it('starts in its working directory, and a relative path of predictions counts from there', async () => {
    const outcome = await run(
      `
      const input = readInput()
      fs.writeFileSync('here.jsonl', JSON.stringify({ id: 'h1', prediction: 'late' }))
      answer(input, { artifact: 'a', predictionsPath: 'here.jsonl', notes: process.cwd() })
    `,
      { workingDirectory: folder },
    )
    expect(outcome).toMatchObject({ kind: 'trained', predictions: [{ id: 'h1', prediction: 'late' }] })
  })

  it('may leave its input unread', async () => {
    input = { ...input, model: 'm'.repeat(4_000_000) }
    const outcome = await run(`
      fs.closeSync(0)
      answerAll({ holdoutPath: ${JSON.stringify(input.holdoutPath)},
        artifactDirectory: ${JSON.stringify(folder)}, resultPath: ${JSON.stringify(input.resultPath)} })
    `)
    expect(outcome.kind).toBe('trained')
  })

  it('may talk without end', async () => {
    const outcome = await run(`
      const line = 'x'.repeat(1023) + '\\n'
      for (let megabyte = 0; megabyte < 50; megabyte++) process.stdout.write(line.repeat(1024))
      answerAll(readInput())
    `)
    expect(outcome.kind).toBe('trained')
  })

  it('gets its own environment and not ours', async () => {
    vi.stubEnv('DRIFTSTREAM_TEST_SECRET', 'hunter2')
    try {
      const outcome = await run(
        `
        const input = readInput()
        fs.writeFileSync(path.join(input.artifactDirectory, 'env.json'), JSON.stringify(process.env))
        answerAll(input)
      `,
        { environment: { REGISTRY: 'models' } },
      )
      expect(outcome.kind).toBe('trained')
    } finally {
      vi.unstubAllEnvs()
    }
    const environment = JSON.parse(readFileSync(join(folder, 'env.json'), 'utf8'))
    expect(environment).toMatchObject({ REGISTRY: 'models', PATH: process.env.PATH })
    expect(JSON.stringify(environment)).not.toContain('hunter2')
  })

  it('leaves nothing running', async () => {
    const outcome = await run(`
      const stay = 'setInterval(() => {}, 1000)'
      const child = spawn(process.execPath, ['-e', stay], { stdio: 'inherit' })
      fs.writeFileSync(path.join(${JSON.stringify(folder)}, 'grandchild'), String(child.pid))
      answerAll(readInput())
      process.exit(0)
    `)
    expect(outcome.kind).toBe('trained')
    await expectDead(await pidIn('grandchild'))
  })
})

describe('a trainer that fails is a value:', () => {
  it('exit with another code, with its last words', async () => {
    const reason = await reasonOf(`
      console.log('epoch 1')
      for (let line = 1; line <= 9; line++) console.error('\\u001b[31mline ' + line + '\\u001b[0m')
      process.exitCode = 3
    `)
    expect(reason).toBe('the trainer exited with 3: line 5 | line 6 | line 7 | line 8 | line 9')
  })

  it('exit by a signal', async () => {
    expect(await reasonOf(`process.kill(process.pid, 'SIGKILL')`)).toBe('the trainer was ended by SIGKILL')
  })

  it('a command that is not there', async () => {
    expect(await reasonOf('', { command: [join(folder, 'no such program')] })).toMatch(
      /^could not start .*ENOENT/,
    )
    expect(await reasonOf('', { workingDirectory: join(folder, 'nowhere') })).toMatch(
      /^could not start .*ENOENT/,
    )
    expect(await reasonOf('', { command: [] })).toMatch(/^the trainer could not be run: /)
  })

  it('no result', async () => {
    expect(await reasonOf('readInput()')).toBe(`the trainer left no result at ${input.resultPath}`)
  })

  it('a result of an earlier run alone', async () => {
    await run('answerAll(readInput())')
    expect(existsSync(input.resultPath)).toBe(true)
    expect(await reasonOf('readInput()')).toContain('left no result')
  })

  it.each([
    ['that is not JSON', `'{'`, 'is not JSON'],
    ['without an artifact', `'{"predictionsPath":"p"}'`, 'at artifact'],
    ['with an empty artifact', `'{"artifact":"","predictionsPath":"p"}'`, 'at artifact'],
    ['of more than a megabyte', `'"' + 'x'.repeat(1 << 20) + '"'`, 'at most 1048576 bytes'],
    ['that is a list', `'[]'`, 'expected object'],
  ])('a result %s', async (_, text, words) => {
    expect(await reasonOf(`fs.writeFileSync(readInput().resultPath, ${text})`)).toContain(words)
  })

  it('predictions that are not there, or no file', async () => {
    const missing = `const input = readInput(); answer(input, { artifact: 'a', predictionsPath: '/nowhere/p' })`
    expect(await reasonOf(missing)).toBe('the trainer left no predictions at /nowhere/p')
    const device = `const input = readInput(); answer(input, { artifact: 'a', predictionsPath: '/dev/zero' })`
    expect(await reasonOf(device)).toBe('expected predictions in a file, got another thing at /dev/zero')
  })

  it.each([
    [
      'more than the holdout',
      `[1, 2, 3, 4].map((n) => ({ id: 'x' + n, prediction: 1 }))`,
      'more predictions than the 3',
    ],
    ['one twice', `[1, 2].map(() => ({ id: 'h1', prediction: 1 }))`, 'h1 has been predicted before'],
    ['a score that is text', `[{ id: 'h1', prediction: 1, score: '0.5' }]`, 'prediction 1 in'],
    ['no prediction', `[{ id: 'h1', score: 0.5 }]`, 'at prediction'],
    ['a line without end', `[{ id: 'h1', prediction: 'x'.repeat(70000) }]`, 'more than 65536 bytes'],
  ])('predictions with %s', async (_, lines, words) => {
    const script = `const input = readInput()
      answer(input, { artifact: 'a', predictionsPath: predict(input, ${lines}) })`
    expect(await reasonOf(script)).toContain(words)
  })

  it('NaN as Python writes it', async () => {
    const script = `const input = readInput()
      fs.writeFileSync('p.jsonl', '{"id": "h1", "prediction": 1, "score": NaN}')
      answer(input, { artifact: 'a', predictionsPath: 'p.jsonl' })`
    expect(await reasonOf(script, { workingDirectory: folder })).toContain('prediction 1 in')
  })
})

describe('a trainer that does not end', () => {
  it('is stopped at its time limit', async () => {
    expect(await reasonOf('hang()', { timeLimitMs: 300 })).toBe('stopped after its time limit of 300 ms')
  })

  it('is killed when it does not heed SIGTERM', async () => {
    const script = `process.on('SIGTERM', () => {}); hang()`
    expect(await reasonOf(script, { timeLimitMs: 500 })).toBe('stopped after its time limit of 500 ms')
  })

  it('may put its things in order at SIGTERM, and has failed all the same', async () => {
    const script = `
      process.on('SIGTERM', () => {
        answerAll(readInput())
        fs.writeFileSync(path.join(${JSON.stringify(folder)}, 'orderly'), '1')
        process.exit(0)
      })
      fs.writeFileSync(path.join(${JSON.stringify(folder)}, 'ready'), String(process.pid))
      hang()
    `
    const cancel = new AbortController()
    const outcome = trainer(script, {}, 10_000).train(input, cancel.signal)
    await pidIn('ready')
    cancel.abort()
    expect(await outcome).toEqual({ kind: 'cancelled' })
    expect(existsSync(join(folder, 'orderly'))).toBe(true)
  })

  it('takes its children with it, those that ignore SIGTERM too', async () => {
    const script = `
      const stay = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); " +
        "require('node:fs').writeFileSync('grandchild', String(process.pid))"
      spawn(process.execPath, ['-e', stay], { stdio: 'inherit' })
      hang()
    `
    const cancel = new AbortController()
    const outcome = trainer(script, { workingDirectory: folder }).train(input, cancel.signal)
    const grandchild = await pidIn('grandchild')
    expect(isAlive(grandchild)).toBe(true)
    cancel.abort()
    expect(await outcome).toEqual({ kind: 'cancelled' })
    await expectDead(grandchild)
  })

  it('is not started when it was cancelled before', async () => {
    const script = `fs.writeFileSync(path.join(${JSON.stringify(folder)}, 'started'), '1')`
    expect(await trainer(script).train(input, AbortSignal.abort())).toEqual({ kind: 'cancelled' })
    expect(existsSync(join(folder, 'started'))).toBe(false)
  })

  it('is not waited for when a child has left its group and holds its output open', async () => {
    const script = `
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit', detached: true })
      fs.writeFileSync(path.join(${JSON.stringify(folder)}, 'escaped'), String(child.pid))
      answerAll(readInput())
      process.exit(0)
    `
    const started = performance.now()
    const outcome = await run(script)
    const escaped = await pidIn('escaped')
    process.kill(escaped, 'SIGKILL')
    expect(outcome.kind).toBe('trained')
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})
