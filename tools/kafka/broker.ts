import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { JVM_FLAGS, javaCommand } from '../java/java.ts'
import type { Watchdog } from '../java/watchdog.ts'
import type { KafkaInstallation } from './installation.ts'
import { kafkaProperties, type NodePorts } from './kafka-properties.ts'
import { awaitMetadata } from './readiness.ts'

/** Last lines of a broker's log, its stack frames left out, told with its early end. */
const TOLD_LINES = 20

/** One broker of a local cluster: a JVM that can be signalled, ended and started again. */
export interface LocalBroker {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  /** Where its second listener is, for a proxy to lead to; null where it has none. */
  readonly detourPort: number | null
  /** Of the JVM now running, or of the last one. */
  readonly pid: number
  /** What the broker says, errors only. */
  readonly logFile: string
  isRunning(): boolean
  /** Resolves with how (`exit code 1`, `signal SIGKILL`) when the JVM now running, or the last one, ends. */
  ended(): Promise<string>
  /**
   * Sends a signal. Resolves when the JVM has ended for SIGTERM and SIGKILL, else at once: a broker
   * held by SIGSTOP lives on in SIGCONT.
   */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts a fresh JVM on the same data and ports, after a kill; resolves when it answers. */
  restart(): Promise<void>
}

/**
 * 22 characters as Kafka writes its ids: 16 bytes in URL-safe base64. As Kafka's own it never begins with a
 * dash, which its tools take for an option.
 */
export function kafkaId(): string {
  const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  return id.startsWith('-') ? kafkaId() : id
}

export interface BrokerPlan {
  readonly installation: KafkaInstallation
  readonly clusterId: string
  readonly node: NodePorts
  readonly nodes: readonly NodePorts[]
  readonly folder: string
  readonly settings: Readonly<Record<string, string>>
  readonly scramUsers: readonly string[]
  readonly jvmFlags: readonly string[]
  readonly readyTimeoutMs: number
}

/** Writes a broker's storage and properties; nothing runs yet. */
export async function prepareBroker(plan: BrokerPlan): Promise<void> {
  const { node, nodes, folder, settings } = plan
  const data = join(folder, 'data')
  await writeFile(join(folder, 'server.properties'), kafkaProperties(node, nodes, data, settings))
  if (plan.scramUsers.length > 0) {
    await formatWithUsers(plan)
    return
  }
  await cp(plan.installation.storageTemplate, data, { recursive: true })
  const identity = {
    version: 1,
    'cluster.id': plan.clusterId,
    'node.id': node.nodeId,
    'directory.id': kafkaId(),
  }
  const lines = Object.entries(identity).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(join(data, 'meta.properties'), lines.join(''))
}

/** Users that log in by SCRAM stand in the storage's first records; a copied template has none. */
async function formatWithUsers({ installation, clusterId, folder, scramUsers }: BrokerPlan): Promise<void> {
  const tool = ['-cp', installation.classPath, 'kafka.tools.StorageTool', 'format']
  const users = scramUsers.flatMap((user) => ['--add-scram', user])
  const identity = ['-t', clusterId, '-c', join(folder, 'server.properties')]
  await promisify(execFile)(javaCommand(), [...JVM_FLAGS, ...tool, ...identity, ...users])
}

function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n')
  const isFrame = (line: string): boolean => /^\s+(at |\.\.\. \d+ more)/.test(line)
  return lines
    .filter((line) => !isFrame(line))
    .slice(-TOLD_LINES)
    .join('\n')
}

/** The processes of one cluster that the watchdog is told of. */
export interface Processes {
  readonly watchdog: Watchdog
  readonly pids: Set<number>
}

/** A prepared broker as a process; `start` spawns it and returns without waiting for it. */
export class BrokerProcess implements LocalBroker {
  readonly nodeId: number
  readonly host = '127.0.0.1'
  readonly port: number
  readonly detourPort: number | null
  readonly logFile: string
  readonly #plan: BrokerPlan
  readonly #processes: Processes
  #child: ChildProcess | null = null
  #ended: Promise<string> = Promise.resolve('never started')

  constructor(plan: BrokerPlan, processes: Processes) {
    this.nodeId = plan.node.nodeId
    this.port = plan.node.port
    this.detourPort = plan.node.detour?.port ?? null
    this.logFile = join(plan.folder, 'broker.log')
    this.#plan = plan
    this.#processes = processes
  }

  get pid(): number {
    return this.#child?.pid ?? -1
  }

  isRunning(): boolean {
    const child = this.#child
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null
  }

  start(): void {
    const { installation, folder, jvmFlags } = this.#plan
    const heap = ['-Xms128m', '-Xmx512m']
    const log = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error']
    const main = ['-cp', installation.classPath, 'kafka.Kafka', join(folder, 'server.properties')]
    const output = openSync(this.logFile, 'a')
    try {
      // A file rather than a pipe: a master busy with its own work must never block the broker.
      const stdio = ['ignore' as const, output, output]
      // A session of its own: a Ctrl-C is the master's to handle, in its own order.
      const child = spawn(javaCommand(), [...heap, ...JVM_FLAGS, ...jvmFlags, ...log, ...main], {
        detached: true,
        stdio,
        cwd: folder,
      })
      this.#watch(child)
      this.#child = child
    } finally {
      closeSync(output)
    }
  }

  #watch(child: ChildProcess): void {
    const { pids, watchdog } = this.#processes
    this.#ended = once(child, 'exit').then(([code, signal]) =>
      signal === null ? `exit code ${code}` : `signal ${signal}`,
    )
    // A JVM that could not even be spawned is told to whoever waits for its end.
    this.#ended.catch(() => {})
    const { pid } = child
    if (pid === undefined) return
    pids.add(pid)
    watchdog.guard([...pids])
    child.once('exit', () => {
      pids.delete(pid)
      watchdog.guard([...pids])
    })
  }

  ended(): Promise<string> {
    return this.#ended
  }

  /** Resolves when the broker answers and knows all of `nodeIds`; throws when its JVM ends before. */
  async ready(nodeIds: readonly number[]): Promise<void> {
    const { clusterId, readyTimeoutMs } = this.#plan
    const done = new AbortController()
    const endedEarly = this.#ended.then((how) => {
      throw new Error(
        `broker ${this.nodeId} ended with ${how} before it was ready:\n${lastWords(this.logFile)}`,
      )
    })
    const address = `${this.host}:${this.port}`
    const answers = awaitMetadata(address, { clusterId, nodeIds }, readyTimeoutMs, done.signal)
    try {
      await Promise.race([endedEarly, answers])
    } finally {
      done.abort()
      // The loser of the race may still reject, much later: a broker that was ready and then ended.
      endedEarly.catch(() => {})
      answers.catch(() => {})
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.isRunning()) return
    this.#child?.kill(signal)
    if (signal === 'SIGTERM' || signal === 'SIGKILL') await this.#ended
  }

  async restart(): Promise<void> {
    if (this.isRunning()) throw new Error(`broker ${this.nodeId} is running (pid ${this.pid}): kill it first`)
    this.start()
    await this.ready([this.nodeId])
  }
}
