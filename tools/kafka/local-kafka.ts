import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../java/free-ports.ts'
import type { Report } from '../java/maven.ts'
import { startWatchdog } from '../java/watchdog.ts'
import { BrokerProcess, kafkaId, type LocalBroker, prepareBroker } from './broker.ts'
import { classArchiveFlags } from './class-archive.ts'
import { installKafka, type KafkaInstallation } from './installation.ts'
import type { NodePorts, SecureProtocol } from './kafka-properties.ts'
import { missingForLocalKafka } from './prerequisites.ts'

export type { LocalBroker } from './broker.ts'
export { KafkaNotInstalled } from './installation.ts'
export { missingForLocalKafka }

const STOP_TIMEOUT_MS = 5000
const ATTEMPTS = 3

export interface LocalKafkaOptions {
  /** Three: everything replicated thrice, two in sync suffice. */
  readonly brokers?: 1 | 3
  /** Port of the first broker, the next ones follow it; absent: free ones. */
  readonly port?: number
  /** For each broker the port that its detour advertises: where a proxy of the caller's own listens. */
  readonly detours?: readonly number[]
  /** Further `server.properties` of every broker; they win over the built-in ones. */
  readonly settings?: Readonly<Record<string, string>>
  /** A second listener, `SECURE`, on every broker; `settings` say how it logs in: `listener.name.secure.*`. */
  readonly secure?: {
    readonly protocol: SecureProtocol
    /** As the storage tool takes them: `SCRAM-SHA-256=[name=ann,password=secret]`. */
    readonly scramUsers?: readonly string[]
  }
  /** How long the brokers may take to answer, installation excluded. */
  readonly readyTimeoutMs?: number
  /** Takes progress, a line at a time. */
  readonly report?: Report
}

/** A running cluster on 127.0.0.1 whose data is gone when it stops. */
export interface LocalKafka {
  /** `host:port` of every broker: the bootstrap servers. */
  readonly brokers: readonly string[]
  /** The same of the second listener; none without one. */
  readonly secureBrokers: readonly string[]
  /** Of the JVMs running now. */
  readonly pids: readonly number[]
  readonly nodes: readonly LocalBroker[]
  /** Holds data and logs until the stop. */
  readonly folder: string
  /** Ends the JVMs and removes the data; a second call does nothing more. */
  stop(): Promise<void>
}

async function choosePorts({
  brokers: count = 1,
  port: firstPort,
  detours,
  secure,
}: LocalKafkaOptions): Promise<NodePorts[]> {
  const free = await freePorts(4 * count)
  return Array.from({ length: count }, (_, index) => ({
    nodeId: index + 1,
    port: firstPort === undefined ? free[index]! : firstPort + index,
    controllerPort: free[count + index]!,
    ...(secure === undefined
      ? {}
      : { secure: { port: free[2 * count + index]!, protocol: secure.protocol } }),
    ...(detours?.[index] === undefined
      ? {}
      : { detour: { port: free[3 * count + index]!, advertisedPort: detours[index] } }),
  }))
}

/** One broker ends cleanly and fast. Several wait for each other's hand-over, for data about to be removed. */
async function endBrokers(brokers: readonly BrokerProcess[]): Promise<void> {
  if (brokers.length > 1) {
    await Promise.all(brokers.map((broker) => broker.kill('SIGKILL')))
    return
  }
  await Promise.all(
    brokers.map(async (broker) => {
      const timer = setTimeout(() => void broker.kill('SIGKILL'), STOP_TIMEOUT_MS)
      await broker.kill('SIGTERM')
      clearTimeout(timer)
    }),
  )
}

async function startCluster(
  installation: KafkaInstallation,
  jvmFlags: readonly string[],
  options: LocalKafkaOptions,
): Promise<LocalKafka> {
  const { settings = {}, readyTimeoutMs = 60_000 } = options
  const nodes = await choosePorts(options)
  const folder = await mkdtemp(join(tmpdir(), 'driftstream-kafka-'))
  const watchdog = startWatchdog(folder)
  const processes = { watchdog, pids: new Set<number>() }
  const clusterId = kafkaId()
  const brokers: BrokerProcess[] = []
  let stopped: Promise<void> | null = null
  const stop = (): Promise<void> => {
    stopped ??= endBrokers(brokers).finally(() => watchdog.end())
    return stopped
  }
  try {
    for (const node of nodes) {
      const own = join(folder, `broker-${node.nodeId}`)
      await mkdir(own)
      const scramUsers = options.secure?.scramUsers ?? []
      const where = { installation, clusterId, node, nodes, folder: own }
      const plan = { ...where, settings, scramUsers, jvmFlags, readyTimeoutMs }
      await prepareBroker(plan)
      brokers.push(new BrokerProcess(plan, processes))
    }
    for (const broker of brokers) broker.start()
    const nodeIds = nodes.map(({ nodeId }) => nodeId)
    await Promise.all(brokers.map((broker) => broker.ready(nodeIds)))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    brokers: brokers.map(({ host, port }) => `${host}:${port}`),
    secureBrokers: nodes.flatMap(({ secure }) => (secure === undefined ? [] : [`127.0.0.1:${secure.port}`])),
    get pids() {
      return [...processes.pids]
    },
    nodes: brokers,
    folder,
    stop,
  }
}

/** Free ports can be lost to another process before the broker binds them; then others are tried. */
async function startOnFreePorts(
  installation: KafkaInstallation,
  jvmFlags: readonly string[],
  options: LocalKafkaOptions,
): Promise<LocalKafka> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startCluster(installation, jvmFlags, options)
    } catch (error) {
      const portTaken = (error as Error).message.includes('Address already in use')
      if (!portTaken || options.port !== undefined || attempt === ATTEMPTS) throw error
    }
  }
}

/**
 * Starts a real Apache Kafka (KRaft, one or three brokers) from its published jars, without Docker.
 *
 * The first call on a machine fetches the jars and makes the class archive. Whatever ends this process
 * ends the brokers and removes their data (`watchdog.ts`).
 * Throws when something is missing (`missingForLocalKafka` tells beforehand), `KafkaNotInstalled` when the
 * jars cannot be fetched, and with the broker's last words when it does not come up.
 */
export async function startKafka(options: LocalKafkaOptions = {}): Promise<LocalKafka> {
  const missing = missingForLocalKafka()
  if (missing !== null) throw new Error(missing)
  const report = options.report ?? (() => {})
  const installation = await installKafka(report)
  const runOnce = async (flags: readonly string[]): Promise<void> => {
    const kafka = await startOnFreePorts(installation, flags, {})
    await kafka.stop()
  }
  const jvmFlags = await classArchiveFlags(installation, runOnce, report)
  report(`starting ${options.brokers ?? 1} broker(s)`)
  return startOnFreePorts(installation, jvmFlags, options)
}
