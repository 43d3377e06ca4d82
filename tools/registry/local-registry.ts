import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../java/free-ports.ts'
import { JVM_FLAGS, javaCommand } from '../java/java.ts'
import type { Report } from '../java/maven.ts'
import { missingFor } from '../java/prerequisites.ts'
import { startWatchdog } from '../java/watchdog.ts'
import { installRegistry, isRegistryInstalled } from './installation.ts'

const LOOK_MS = 100
const TOLD_CHARACTERS = 2_000

export interface LocalRegistryOptions {
  /** Absent: a free one. */
  readonly port?: number
  readonly readyTimeoutMs?: number
  readonly report?: Report
}

/** A running registry on 127.0.0.1 whose schemas are gone when it stops. */
export interface LocalRegistry {
  /** Below it lies the API that Confluent's registry has. */
  readonly url: string
  readonly pid: number
  /** Ends the JVM; a second call does nothing more. */
  stop(): Promise<void>
}

/** What keeps this machine from running a local registry, as one sentence; null when nothing does. */
export function missingForLocalRegistry(): string | null {
  return missingFor('a local schema registry', isRegistryInstalled)
}

/**
 * Starts a real schema registry, Apicurio, from its published archive, without Docker. Whatever ends this
 * process ends the registry as well.
 * Throws when something is missing, `RegistryNotInstalled` when it cannot be fetched, and with its last words
 * when it does not come up.
 */
export async function startRegistry(options: LocalRegistryOptions = {}): Promise<LocalRegistry> {
  const { report = () => {}, readyTimeoutMs = 120_000 } = options
  const missing = missingForLocalRegistry()
  if (missing !== null) throw new Error(missing)
  const jar = await installRegistry(report)
  const [free, management] = await freePorts(2)
  const port = options.port ?? free!
  const folder = await mkdtemp(join(tmpdir(), 'driftstream-registry-'))
  const watchdog = startWatchdog(folder)
  const logFile = join(folder, 'registry.log')
  const log = openSync(logFile, 'a')
  report('starting a schema registry')
  // By itself it listens at every address of the machine.
  const settings = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.management.host': '127.0.0.1',
    'quarkus.management.port': management,
  }
  const flags = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`)
  const child = spawn(javaCommand(), ['-Xmx512m', ...JVM_FLAGS, ...flags, '-jar', jar], {
    stdio: ['ignore', log, log],
    cwd: folder,
  })
  closeSync(log)
  const ended = once(child, 'exit')
  let stopped: Promise<void> | null = null
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await ended
      await watchdog.end()
    })()
    return stopped
  }
  watchdog.guard([child.pid!])
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`
  try {
    for (const deadline = performance.now() + readyTimeoutMs; !(await answers(url)); await sleep(LOOK_MS)) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null
      if (!hasEnded && performance.now() < deadline) continue
      const words = readFileSync(logFile, 'utf8').slice(-TOLD_CHARACTERS)
      throw new Error(`the registry ${hasEnded ? 'ended' : 'was not ready in time'}:\n${words}`)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { url, pid: child.pid!, stop }
}

async function answers(url: string): Promise<boolean> {
  const limit = AbortSignal.timeout(1_000)
  return fetch(`${url}/schemas/types`, { signal: limit }).then(
    (response) => response.ok,
    () => false,
  )
}
