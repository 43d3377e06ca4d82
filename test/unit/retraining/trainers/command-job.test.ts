import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TrainerJob } from '../../../../src/events/deployment-event.ts'
import {
  type CommandTrainerOptions,
  createCommandTrainer,
} from '../../../../src/retraining/trainers/command.ts'
import { isRunning, processStart } from '../../../../src/retraining/trainers/process-identity.ts'
import type { TrainerTask } from '../../../../src/retraining/trainers/trainer.ts'
import { smallTask } from '../../../support/small-task.ts'

const signal = new AbortController().signal
const WAIT = { timeout: 20_000, interval: 20 }

let folder: string
let task: TrainerTask
let options: CommandTrainerOptions

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftstream-job-'))
  task = smallTask(folder)
  const script = `
    const fs = require('node:fs')
    fs.appendFileSync('starts', process.pid + '\\n')
    const input = JSON.parse(fs.readFileSync(0, 'utf8'))
    const wait = setInterval(() => {
      if (!fs.existsSync('go')) return
      clearInterval(wait)
      fs.writeFileSync('predictions', '{"id":"h1","prediction":1,"score":0.5}')
      fs.writeFileSync(input.resultPath, JSON.stringify({ artifact: 'a', predictionsPath: 'predictions' }))
    }, 10)`
  const command = [process.execPath, '-e', script]
  options = { kind: 'command', command, timeLimitMs: 60_000, workingDirectory: folder, environment: {} }
})

const jobs: TrainerJob[] = []
afterEach(async () => {
  for (const job of jobs.splice(0)) await createCommandTrainer(options, 200).cancel(job)
  rmSync(folder, { recursive: true, force: true })
})

const starts = () => readFileSync(join(folder, 'starts'), 'utf8').trim().split('\n').map(Number)
const started = () => vi.waitFor(() => expect(existsSync(join(folder, 'starts'))).toBe(true), WAIT)
const trained = (job: TrainerJob) =>
  vi.waitFor(async () => {
    const progress = await createCommandTrainer(options).poll(job, task, signal)
    expect(progress).toMatchObject({ kind: 'trained', predictions: [{ id: 'h1', score: 0.5 }] })
  }, WAIT)

it('is adopted when it is handed over again, by whomever', async () => {
  const jobsOfBoth = await Promise.all(
    [1, 2].map(() => createCommandTrainer(options, 200).submit(task, signal)),
  )
  jobs.push(...jobsOfBoth, await createCommandTrainer(options, 200).submit(task, signal))
  expect(new Set(jobs.map(({ handle }) => handle.pid)).size).toBe(1)
  await started()
  expect(await createCommandTrainer(options).probe(jobs[0]!)).toBe('running')
  writeFileSync(join(folder, 'go'), '')
  await trained(jobs[0]!)
  // Asked again it says the same.
  await trained(jobs[0]!)
  expect(starts()).toHaveLength(1)
})

it('outlives a retrainer that is killed hard, and its successor finds it', async () => {
  const url = new URL('../../../../src/retraining/trainers/command.ts', import.meta.url)
  const program = `
    const { createCommandTrainer } = await import(${JSON.stringify(url.href)})
    const job = await createCommandTrainer(${JSON.stringify(options)}, 200).submit(
      ${JSON.stringify(task)}, new AbortController().signal)
    process.stdout.write(JSON.stringify(job) + '\\n')
    setInterval(() => {}, 1000)`
  const retrainer = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const job = await new Promise<TrainerJob>((resolve) => {
    retrainer.stdout.once('data', (line: Buffer) => resolve(JSON.parse(line.toString('utf8'))))
  })
  jobs.push(job)
  await started()
  const gone = new Promise((resolve) => retrainer.once('exit', resolve))
  retrainer.kill('SIGKILL')
  await gone

  const successor = createCommandTrainer(options, 200)
  expect(await successor.probe(job)).toBe('running')
  expect(await successor.poll(job, task, signal)).toEqual({ kind: 'running' })
  writeFileSync(join(folder, 'go'), '')
  await trained(job)
  expect(starts()).toHaveLength(1)
})

it('is gone when its supervisor was killed hard, and its command is ended with it', async () => {
  const trainer = createCommandTrainer(options, 200)
  const job = await trainer.submit(task, signal)
  jobs.push(job)
  await vi.waitFor(() => expect(existsSync(join(task.directory, 'command.json'))).toBe(true), WAIT)
  await started()
  const [command] = starts()
  const identity = (await processStart(command!))!
  process.kill(Number(job.handle.pid), 'SIGKILL')
  await vi.waitFor(async () => {
    expect(await trainer.poll(job, task, signal)).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('is gone and has left no word of its end'),
    })
  }, WAIT)
  await vi.waitFor(async () => expect(await isRunning(command!, identity)).toBe(false), WAIT)
})

it('is handed over again by two that do not know of one another, and runs once', async () => {
  const lost = await createCommandTrainer(options, 200).submit(task, signal)
  jobs.push(lost)
  await vi.waitFor(() => expect(existsSync(join(task.directory, 'command.json'))).toBe(true), WAIT)
  await started()
  process.kill(Number(lost.handle.pid), 'SIGKILL')
  const again = [1, 2].map(async () => {
    const trainer = createCommandTrainer(options, 200)
    await vi.waitFor(
      async () => expect(await trainer.poll(lost, task, signal)).toMatchObject({ kind: 'lost' }),
      WAIT,
    )
    return await trainer.submit({ ...task, restarts: 1 }, signal)
  })
  const [first, second] = await Promise.all(again)
  jobs.push(first!)
  expect(second!.handle).toEqual(first!.handle)
  writeFileSync(join(folder, 'go'), '')
  await trained(first!)
  expect(starts()).toHaveLength(2)
})

it('is ended by a cancellation, and a process of the same number started later is not', async () => {
  const trainer = createCommandTrainer(options, 200)
  const job = await trainer.submit(task, signal)
  await started()
  const [command] = starts()
  const identity = (await processStart(command!))!
  const later = { ...job, handle: { ...job.handle, pid: process.pid } }
  expect(await trainer.probe(later)).toBe('gone')
  await trainer.cancel(job)
  expect(await isRunning(command!, identity)).toBe(false)
  expect(await trainer.poll(job, task, signal)).toMatchObject({
    kind: 'failed',
    reason: 'the training was cancelled',
  })
})

it('on another machine is waited for as long as it may take', async () => {
  const trainer = createCommandTrainer({ ...options, timeLimitMs: 1000 }, 200)
  const handle = { directory: task.directory, host: 'elsewhere', pid: 1, started: 'x' }
  const job = (submittedAt: number): TrainerJob => ({ backend: 'command', submittedAt, handle })
  expect(await trainer.probe(job(0))).toBe('unknown')
  expect(await trainer.poll(job(Date.now() + 60_000), task, signal)).toEqual({ kind: 'running' })
  expect(await trainer.poll(job(0), task, signal)).toMatchObject({ kind: 'failed', timedOut: true })
})
