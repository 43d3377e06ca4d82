import { spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { TrainerJob } from '../../events/deployment-event.ts'
import { plainReason, TrainerFailure } from './failure.ts'
import { inheritedEnvironment } from './inherited-environment.ts'
import { type JobWorker, readCommand, readEnd, readSupervisor, writeOrder } from './job-files.ts'
import { isRunning } from './process-identity.ts'
import { readDelivery } from './read-delivery.ts'
import type { Trainer, TrainerProgress, TrainerTask } from './trainer.ts'

export interface CommandTrainerOptions {
  readonly kind: 'command'
  /** Program and arguments, started without a shell. */
  readonly command: readonly string[]
  readonly timeLimitMs: number
  /** Times a lost job is handed over again; absent: never, it fails. */
  readonly restartsMax?: number
  /** Null: this process's own. */
  readonly workingDirectory: string | null
  /** Added to the few variables every child gets. */
  readonly environment: Readonly<Record<string, string>>
}

/** SIGTERM first, so that a trainer can put its things in order. */
const KILL_GRACE_MS = 5000

/** How often an ending job is looked at. */
const ENDING_POLL_MS = 20

/** Beside this file, as source or compiled. */
const SUPERVISOR = fileURLToPath(
  new URL(`supervisor${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url),
)

/**
 * A trainer that is a command. It gets a TrainerInput as JSON on its standard input and answers by writing a
 * TrainerResult to `resultPath` and exiting with 0; a result left there by an earlier run is removed first.
 *
 * A small process of its own supervises it, so neither the end of the retrainer nor its being killed takes the
 * training with it or leaves it without its time limit. The handle names that process by number and start
 * time. At the limit, or when cancelled, the command's whole process group is ended: SIGTERM, `killGraceMs`
 * later SIGKILL. Nothing it starts outlives it, unless it leaves the process group. POSIX only.
 */
export function createCommandTrainer(
  options: CommandTrainerOptions,
  killGraceMs: number = KILL_GRACE_MS,
): Trainer {
  const workingDirectory = resolve(options.workingDirectory ?? '.')

  const probe: Trainer['probe'] = async ({ handle }) => {
    const { directory, host, pid, started } = handleOf(handle)
    if ((await readEnd(directory)) !== null) return 'ended'
    if (host !== hostname()) return 'unknown'
    if (await isRunning(pid, started)) return 'running'
    // It may have ended between the two looks.
    return (await readEnd(directory)) === null ? 'gone' : 'ended'
  }

  return {
    async submit({ input, directory: ofTraining, restarts }) {
      // The notes of a job that was lost are no other's.
      const directory = restarts === 0 ? ofTraining : join(ofTraining, `restart-${restarts}`)
      const found = await readSupervisor(directory)
      if (found !== null) return jobOf(directory, found)
      await mkdir(directory, { recursive: true })
      await rm(input.resultPath, { force: true })
      await writeOrder(directory, {
        command: [...options.command],
        directory: workingDirectory,
        input: `${JSON.stringify(input)}\n`,
        timeLimitMs: options.timeLimitMs,
        killGraceMs,
      })
      await startSupervisor(directory, { ...inheritedEnvironment(), ...options.environment })
      const supervisor = await readSupervisor(directory)
      if (supervisor === null) throw new TrainerFailure('the supervisor of the trainer did not start')
      return jobOf(directory, supervisor)
    },

    probe,

    async poll(job, task, signal) {
      const state = await probe(job)
      const { directory, host, pid } = handleOf(job.handle)
      if (state === 'ended') return await readOutcome(directory, workingDirectory, task, signal)
      if (state === 'running') return { kind: 'running' }
      if (state === 'unknown') {
        if (Date.now() < job.submittedAt + options.timeLimitMs + 2 * killGraceMs) return { kind: 'running' }
        return failed(`it ran on ${host}, and left no word of its end here within its time limit`, true)
      }
      if (!(await endOrphan(directory))) return { kind: 'running' }
      return { kind: 'lost', reason: `its process ${pid} on ${host} is gone and has left no word of its end` }
    },

    async cancel({ handle }) {
      const { directory, host, pid, started } = handleOf(handle)
      if (host !== hostname() || (await readEnd(directory)) !== null) return
      if (await isRunning(pid, started)) signalTo(pid, 'SIGTERM')
      const until = Date.now() + 2 * killGraceMs + 1000
      while (Date.now() < until && (await isRunning(pid, started))) await delay(ENDING_POLL_MS)
      await endOrphan(directory)
    },
  }
}

async function readOutcome(
  directory: string,
  workingDirectory: string,
  { input }: TrainerTask,
  signal: AbortSignal,
): Promise<TrainerProgress> {
  const end = await readEnd(directory)
  if (end === null || end.reason !== null) {
    return failed(end?.reason ?? 'it left no word of its end', end?.timedOut ?? false)
  }
  try {
    return { kind: 'trained', ...(await readDelivery(input, workingDirectory, signal)) }
  } catch (cause) {
    if (!(cause instanceof TrainerFailure)) throw cause
    return failed(plainReason(cause.message), false)
  }
}

/** Returns once the supervisor has claimed the job, or has ended. */
async function startSupervisor(directory: string, environment: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, [SUPERVISOR, directory], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  await new Promise<void>((claimed) => {
    child.stdout.once('data', () => claimed())
    child.once('exit', () => claimed())
    child.once('error', () => claimed())
  })
  child.stdout.destroy()
  child.unref()
}

/**
 * A supervisor that was killed hard leaves its command behind: that one is ended at once. False while it is
 * still dying: whoever trains anew before it is gone has two at work.
 */
async function endOrphan(directory: string): Promise<boolean> {
  const command = await readCommand(directory)
  if (command === null || command.host !== hostname()) return true
  const until = Date.now() + KILL_GRACE_MS
  while (await isRunning(command.pid, command.started)) {
    if (Date.now() > until) return false
    signalTo(-command.pid, 'SIGKILL')
    await delay(ENDING_POLL_MS)
  }
  return true
}

/** ESRCH (nobody is left) and EPERM (all that is left is not ours) are no news. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {}
}

function jobOf(directory: string, { pid, started, host }: JobWorker): TrainerJob {
  return { backend: 'command', submittedAt: Date.now(), handle: { directory, host, pid, started } }
}

function handleOf(handle: TrainerJob['handle']): JobWorker & { readonly directory: string } {
  const { directory, host, pid, started } = handle
  return {
    directory: String(directory),
    host: String(host),
    pid: Number(pid),
    started: String(started),
  }
}

function failed(reason: string, timedOut: boolean): TrainerProgress {
  return { kind: 'failed', reason, timedOut }
}
