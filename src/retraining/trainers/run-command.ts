import { type ChildProcess, spawn } from 'node:child_process'
import { TrainerFailure } from './failure.ts'
import { lastLinesOf } from './output-tail.ts'

export interface CommandRun {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[]
  readonly directory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Written to standard input, which is then closed. A child may leave it unread. */
  readonly stdin: string
  readonly timeLimitMs: number
  /** From SIGTERM to SIGKILL. */
  readonly killGraceMs: number
  /** Told the process id as soon as there is one. */
  readonly started?: (pid: number) => void
}

/** Longest delay a timer takes, 24.8 days; a longer one would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1

/** What a process that has left its group may keep open is not waited for longer than this. */
const OUTPUT_CLOSE_MS = 1000

/**
 * Runs a command to its end. It leads a process group of its own: at the time limit or when `signal` is
 * aborted the whole group gets SIGTERM, after the grace SIGKILL, and when the command has ended, however it
 * did, what is left of its group is killed. Of its output only the last lines are kept. POSIX only.
 * @throws TrainerFailure when it cannot start, exceeds the limit, or ends with anything but 0
 */
export async function runCommand(run: CommandRun, signal: AbortSignal): Promise<void> {
  const [program = '', ...args] = run.command
  const child = spawn(program, args, {
    cwd: run.directory,
    env: { ...run.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  if (child.pid !== undefined) run.started?.(child.pid)
  const outputs = [lastLinesOf(child.stdout), lastLinesOf(child.stderr)]
  // EPIPE: the child ended or closed its input before it had read all. How it ends is what counts.
  child.stdin.on('error', () => {})
  child.stdin.end(run.stdin)

  const stop = createStop(child, run.killGraceMs)
  let overdue = false
  const limit = setTimeout(
    () => {
      overdue = true
      stop.begin()
    },
    Math.min(run.timeLimitMs, TIMER_MS_MAX),
  )
  signal.addEventListener('abort', stop.begin)
  if (signal.aborted) stop.begin()
  try {
    const end = await ended(child)
    killGroup(child, 'SIGKILL')
    if (end.error !== null) {
      throw new TrainerFailure(`could not start ${JSON.stringify(run.command)}: ${end.error.message}`)
    }
    await closed(child)
    if (overdue) throw new TrainerFailure(`stopped after its time limit of ${run.timeLimitMs} ms`, true)
    if (end.code === 0) return
    const how = end.code === null ? `was ended by ${end.signal}` : `exited with ${end.code}`
    const said = outputs.map((lastLines) => lastLines()).findLast((text) => text !== '')
    throw new TrainerFailure(said === undefined ? `the trainer ${how}` : `the trainer ${how}: ${said}`)
  } finally {
    clearTimeout(limit)
    stop.end()
    signal.removeEventListener('abort', stop.begin)
  }
}

interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly error: Error | null
}

function ended(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, error: null }))
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error })
    })
  })
}

async function closed(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null && !stream.closed)
  const patience = setTimeout(() => {
    for (const stream of streams) stream?.destroy()
  }, OUTPUT_CLOSE_MS)
  await Promise.all(streams.map((stream) => new Promise((resolve) => stream?.once('close', resolve))))
  clearTimeout(patience)
}

function createStop(child: ChildProcess, killGraceMs: number) {
  let grace: NodeJS.Timeout | undefined
  return {
    begin: () => {
      if (grace !== undefined) return
      killGroup(child, 'SIGTERM')
      grace = setTimeout(() => killGroup(child, 'SIGKILL'), killGraceMs)
    },
    end: () => clearTimeout(grace),
  }
}

/** ESRCH (nobody is left) and EPERM (all that is left is no longer ours) are no news. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {}
}
