import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What a side says of its own run; times in epoch ms, by the clock that all processes share. */
export interface SideDone {
  /** Its process began. */
  readonly launchedAt: number
  /** The first record was in its hands. */
  readonly firstReadAt: number
  /** The last record was handled; an observer has it committed. */
  readonly endedAt: number
  /** Since the first record. */
  readonly cpuMicroseconds: number
  readonly records: number
}

const TIMEOUT_MS = 180_000

/** A side in a process of its own: what it imports and mends is its own as well. */
export class SideProcess {
  readonly #child: ChildProcess
  readonly #done: Promise<SideDone>
  #output = ''

  /** @param flags for Node itself */
  constructor(script: string, args: readonly string[], flags: readonly string[] = []) {
    this.#child = fork(script, args, {
      execArgv: [...flags],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output = (this.#output + String(chunk)).slice(-4_000)
      })
    }
    this.#done = this.#firstMessage(script)
    this.#done.catch(() => {})
  }

  /** The first thing it says; rejects with its last words when it ends without a word, or takes too long. */
  done(): Promise<SideDone> {
    return this.#done
  }

  /** Asks it to leave, and waits: a member that leaves early would make the others join anew. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.send('stop', () => {})
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 15_000)
    await exited
    clearTimeout(timer)
  }

  async #firstMessage(script: string): Promise<SideDone> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), TIMEOUT_MS)
    const exited = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`${script} ended with ${code ?? signal}: ${this.#output}`)
    })
    exited.catch(() => {})
    const [message] = await Promise.race([once(this.#child, 'message'), exited])
    clearTimeout(timer)
    return message as SideDone
  }
}
