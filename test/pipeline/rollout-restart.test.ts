import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendDecision } from '../../src/consumers/send-command.ts'
import { settle } from '../../src/consumers/settle.ts'
import type { DeploymentStage } from '../../src/events/deployment-event.ts'
import type { ApprovalOptions } from '../../src/retraining/approval.ts'
import type { TrainerOptions } from '../../src/retraining/trainers/create-trainer.ts'
import { isRunning, processStart } from '../../src/retraining/trainers/process-identity.ts'
import { openSmallPipeline, type SmallPipeline } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 30,
  eventsPerMinute: 120,
  seed: 7,
}
const WAIT = { timeout: 60_000, interval: 50 }

let folder: string
let pipeline: SmallPipeline | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftstream-restart-'))
})
afterEach(async () => {
  writeFileSync(join(folder, 'go'), '')
  await pipeline?.stop()
  pipeline = null
  rmSync(folder, { recursive: true, force: true })
})

const letGo = () => writeFileSync(join(folder, 'go'), '')
const starts = () =>
  existsSync(join(folder, 'starts')) ? readFileSync(join(folder, 'starts'), 'utf8').trim() : ''

async function open(approval?: ApprovalOptions, restartsMax = 0): Promise<SmallPipeline> {
  const trainer: TrainerOptions = {
    kind: 'command',
    command: [
      process.execPath,
      fileURLToPath(new URL('../support/small-counting-trainer.ts', import.meta.url)),
    ],
    timeLimitMs: 120_000,
    restartsMax,
    workingDirectory: null,
    environment: { STARTS: join(folder, 'starts'), GO: join(folder, 'go') },
  }
  pipeline = await openSmallPipeline(world, undefined, {
    trainer,
    ...(approval === undefined ? {} : { approval }),
  })
  return pipeline
}

const stagesOf = async (each: SmallPipeline) => (await each.published()).deployments.map(({ stage }) => stage)

const reached = (each: SmallPipeline, stage: DeploymentStage) =>
  vi.waitFor(async () => expect(await stagesOf(each)).toContain(stage), WAIT)

/** Plays until the request is being answered: nothing settles while the trainer waits to be let go. */
async function playTo(each: SmallPipeline, stage: DeploymentStage): Promise<void> {
  const stopped = each.play(world, 0, 60).catch(() => {})
  await reached(each, stage)
  await each.restart()
  await stopped
}

describe('a retrainer that is dropped and started again', () => {
  it('while its trainer works asks after the same training, and ends as if nothing had been', async () => {
    const each = await open()
    await playTo(each, 'training')
    await vi.waitFor(() => expect(starts()).not.toBe(''), WAIT)
    await each.restart()
    letGo()
    await reached(each, 'promoted')
    await settle(each.running, [])
    const { deployments } = await each.published()
    expect(deployments.map(({ stage }) => stage)).toEqual([
      'accepted',
      'training',
      'validating',
      'validated',
      'promoted',
    ])
    expect(starts().split('\n')).toHaveLength(1)
    const { artifact } = deployments.at(-1)!
    expect(existsSync(artifact!)).toBe(true)
    // Rows, predictions and notes of the job are gone with it.
    const { job } = deployments.find(({ stage }) => stage === 'training')!
    await vi.waitFor(() => expect(existsSync(String(job!.handle.directory))).toBe(false), WAIT)
  })

  it('while it hands a training over is not held up, and finds it again', async () => {
    const each = await open()
    const stopped = each.play(world, 0, 60).catch(() => {})
    // Written just before the supervisor is started, which takes some hundredths of a second to answer.
    const orders = () => globSync('**/order.json', { cwd: each.options.artifacts })
    await vi.waitFor(() => expect(orders()).toHaveLength(1), { timeout: 60_000, interval: 1 })
    await each.restart()
    await stopped
    letGo()
    await reached(each, 'promoted')
    await settle(each.running, [])
    expect(await stagesOf(each)).toHaveLength(5)
    expect(starts().split('\n')).toHaveLength(1)
  }, 90_000)

  it('while a candidate waits for approval waits on, and promotes it once when told to', async () => {
    const each = await open({ required: true, timeoutMs: 86_400_000, onTimeout: 'reject' })
    letGo()
    await playTo(each, 'awaiting-approval')
    expect(await stagesOf(each)).not.toContain('promoted')
    const { deployments } = await each.published()
    const decide = (kind: 'approve' | 'reject') => {
      const request = deployments[0]!.requestId.slice(0, 6)
      const decision = { kind, request, by: 'ada', reason: 'looked at it', at: world.startMs }
      return sendDecision(each.log, each.options.topics.names, decision)
    }
    await decide('approve')
    await reached(each, 'promoted')
    await expect(decide('reject')).rejects.toThrow('found none')
    await each.restart()
    await settle(each.running, [])
    const stages = await stagesOf(each)
    expect(stages.slice(-3)).toEqual(['validated', 'awaiting-approval', 'promoted'])
    expect(starts().split('\n')).toHaveLength(1)
  })

  it('while a candidate waits for approval turns it down when told to, and the champion stays', async () => {
    const each = await open({ required: true, timeoutMs: 86_400_000, onTimeout: 'promote' })
    letGo()
    await playTo(each, 'awaiting-approval')
    const { requestId } = (await each.published()).deployments[0]!
    const decision = { request: requestId, by: 'ada', reason: 'not before the holidays', at: world.startMs }
    await sendDecision(each.log, each.options.topics.names, { kind: 'reject', ...decision })
    await reached(each, 'rejected')
    const { deployments } = await each.published()
    expect(deployments.at(-1)!.reason).toBe('rejected by ada: not before the holidays')
    expect(await stagesOf(each)).not.toContain('promoted')
  })

  it('ends a training that is cancelled, and its processes', async () => {
    const each = await open()
    await playTo(each, 'training')
    await vi.waitFor(() => expect(starts()).not.toBe(''), WAIT)
    const [request] = (await each.published()).requests
    const decision = {
      kind: 'cancel',
      request: request!.id,
      by: 'ada',
      reason: '',
      at: world.startMs,
    } as const
    await expect(
      sendDecision(each.log, each.options.topics.names, { ...decision, kind: 'approve' }),
    ).rejects.toThrow('to await approval, it is at the stage training')
    await sendDecision(each.log, each.options.topics.names, decision)
    await reached(each, 'cancelled')
    await vi.waitFor(() => expect(() => process.kill(Number(starts()), 0)).toThrow('ESRCH'), WAIT)
  })

  it('hands a lost training over again as often as allowed, and never has two at work', async () => {
    const each = await open(undefined, 1)
    await playTo(each, 'training')
    await vi.waitFor(() => expect(starts()).not.toBe(''), WAIT)
    const first = Number(starts())
    const identity = (await processStart(first))!
    await loseTo(each, 2)
    // The first has ended before the second is told of.
    expect(await isRunning(first, identity)).toBe(false)
    await vi.waitFor(() => expect(starts().split('\n')).toHaveLength(2), WAIT)
    const second = Number(starts().split('\n')[1])
    await each.restart()
    expect(process.kill(second, 0)).toBe(true)
    letGo()
    await reached(each, 'promoted')
    expect(starts().split('\n')).toHaveLength(2)
    expect(await stagesOf(each)).toEqual([
      'accepted',
      'training',
      'training',
      'validating',
      'validated',
      'promoted',
    ])
  })

  it('fails when a training is lost once more than allowed', async () => {
    const each = await open(undefined, 1)
    await playTo(each, 'training')
    await vi.waitFor(() => expect(starts()).not.toBe(''), WAIT)
    await loseTo(each, 2)
    await vi.waitFor(() => expect(starts().split('\n')).toHaveLength(2), WAIT)
    await loseTo(each, 0)
    await reached(each, 'failed')
    const { deployments } = await each.published()
    expect(deployments.at(-1)!.reason).toContain('it was handed over 2 times')
    expect(starts().split('\n')).toHaveLength(2)
  })
})

/** Kills the supervisor of the training at work, and waits for so many `training` events. */
async function loseTo(each: SmallPipeline, trainings: number): Promise<void> {
  const told = async () => (await each.published()).deployments.filter(({ stage }) => stage === 'training')
  const { job } = (await told()).at(-1)!
  await vi.waitFor(
    () => expect(existsSync(join(String(job!.handle.directory), 'command.json'))).toBe(true),
    WAIT,
  )
  process.kill(Number(job!.handle.pid), 'SIGKILL')
  if (trainings > 0) await vi.waitFor(async () => expect(await told()).toHaveLength(trainings), WAIT)
}
