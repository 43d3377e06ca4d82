import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname

export type Command = 'observe' | 'detect' | 'retrain'

/** A line of a process's log; what is no JSON is its message. */
export interface LogLine {
  readonly msg: string
  readonly level?: number
  readonly code?: string
  readonly tasks?: readonly number[]
  /** Of a detector whose state is there again. */
  readonly fromSnapshot?: boolean
  /** Of a retrainer: what it is about to write. */
  readonly request?: string
  readonly stage?: string
  /** Of a process that runs with the heap probe. */
  readonly liveBytes?: number
  readonly residentBytes?: number
}

/** One `driftstream` process: started, signalled, listened to. */
export class Worker {
  readonly name: string
  readonly lines: LogLine[] = []
  readonly exited: Promise<number | NodeJS.Signals>
  readonly #child: ChildProcess
  readonly #listeners = new Set<(line: LogLine) => void>()

  /**
   * @param name also the client id by which the proxies know it
   * @param env what it is configured otherwise
   * @param nodeOptions what Node is told before the program
   */
  constructor(
    command: Command,
    config: string,
    name: string,
    env: Readonly<Record<string, string>> = {},
    nodeOptions: readonly string[] = [],
  ) {
    this.name = name
    const child = spawn(process.execPath, [...nodeOptions, MAIN, command, '-c', config], {
      env: { ...process.env, ...env, DRIFTSTREAM_KAFKA__CLIENT_ID: name },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    createInterface({ input: child.stderr! }).on('line', (text) => this.#hear(readLine(text)))
    this.exited = once(child, 'exit').then(([code, signal]) => code ?? signal)
  }

  get pid(): number {
    return this.#child.pid!
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#child.kill(signal)
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.exited
  }

  /** Resolves with the first line, past or to come, that fits; rejects when it ends or takes too long. */
  async says(fits: (line: LogLine) => boolean, timeoutMs = 60_000): Promise<LogLine> {
    const said = this.lines.find(fits)
    if (said !== undefined) return said
    let listener: (line: LogLine) => void = () => {}
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<LogLine>((resolve, reject) => {
        listener = (line) => fits(line) && resolve(line)
        this.#listeners.add(listener)
        const fail = (why: string) => reject(new Error(`${this.name} ${why}; it said\n${this.tail()}`))
        timer = setTimeout(() => fail(`did not say so within ${timeoutMs} ms`), timeoutMs)
        void this.exited.then((how) => fail(`ended with ${how}`))
      })
    } finally {
      clearTimeout(timer)
      this.#listeners.delete(listener)
    }
  }

  /** Hears every line to come. */
  onLine(listener: (line: LogLine) => void): void {
    this.#listeners.add(listener)
  }

  /** How often it took tasks over. */
  get assignments(): number {
    return this.lines.filter(({ msg }) => msg === 'tasks assigned').length
  }

  assigned(timeoutMs?: number): Promise<LogLine> {
    return this.says(({ msg, tasks }) => msg === 'tasks assigned' && tasks!.length > 0, timeoutMs)
  }

  tail(): string {
    return this.lines
      .slice(-20)
      .map(({ msg, code }) => `  ${code ?? ''} ${msg}`)
      .join('\n')
  }

  /** Resident memory: the greatest so far, and now. */
  memory(): { peakBytes: number; bytes: number } {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
    const of = (field: string) => 1024 * Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0)
    return { peakBytes: of('VmHWM'), bytes: of('VmRSS') }
  }

  handles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length
  }

  #hear(line: LogLine): void {
    this.lines.push(line)
    for (const listener of this.#listeners) listener(line)
  }
}

function readLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return { msg: text }
  }
}
