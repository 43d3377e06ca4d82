import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { javaCommand } from './java.ts'
import { singleNodeProperties } from './kafka-properties.ts'

export const KAFKA_VERSION = '4.4.0'
export const MAVEN = 'mvn'

const BUILDING = '.building-'
const ABANDONED_AFTER_MS = 3_600_000

/** Serial collector and first compiler only: a test broker lives seconds, so it pays to start fast. */
export const JVM_FLAGS: readonly string[] = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

/** Takes one line of progress at a time. */
export type Report = (line: string) => void

/** Raised where Kafka's jars cannot be had: no network, no Maven, a broken repository. */
export class KafkaNotInstalled extends Error {
  override readonly name = 'KafkaNotInstalled'
}

/** Kafka's jars and a formatted, still nameless storage folder, kept outside the repository. */
export interface KafkaInstallation {
  readonly folder: string
  readonly classPath: string
  readonly storageTemplate: string
}

function installation(folder: string): KafkaInstallation {
  return { folder, classPath: join(folder, 'libs', '*'), storageTemplate: join(folder, 'storage') }
}

function cacheFolder(): string {
  return join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'driftstream',
    `kafka-${KAFKA_VERSION}`,
  )
}

export function isKafkaInstalled(): boolean {
  return existsSync(cacheFolder())
}

const execute = promisify(execFile)

async function fetchJars(into: string): Promise<void> {
  const pom = join(import.meta.dirname, 'pom.xml')
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${into}`]
  try {
    await execute(MAVEN, ['-q', '-B', '-ntp', '-f', pom, ...goal])
  } catch (cause) {
    const { stdout = '', message } = cause as Error & { stdout?: string }
    // Maven tells its errors on stdout; the first ones name what could not be resolved.
    const lines = stdout.split('\n').filter((line) => line.includes('ERROR'))
    const told = lines.slice(0, 3).join('\n') || message
    throw new KafkaNotInstalled(`Maven could not fetch Kafka ${KAFKA_VERSION}:\n${told}`, { cause })
  }
}

/**
 * Formats a storage folder once. The tool takes longer than the broker's whole start, and all that
 * differs between brokers is `meta.properties`, which `broker.ts` writes itself.
 */
async function formatStorage({ folder, classPath, storageTemplate }: KafkaInstallation): Promise<void> {
  const properties = join(folder, 'format.properties')
  await writeFile(properties, singleNodeProperties(storageTemplate))
  const format = ['format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', properties]
  await execute(javaCommand(), [...JVM_FLAGS, '-cp', classPath, 'kafka.tools.StorageTool', ...format])
  await rm(join(storageTemplate, 'meta.properties'))
  await rm(properties)
}

/** Removes what processes that were killed while they built have left behind. */
async function sweepAbandoned(target: string): Promise<void> {
  const prefix = `${basename(target)}${BUILDING}`
  for (const name of await readdir(dirname(target))) {
    const path = join(dirname(target), name)
    if (!name.startsWith(prefix)) continue
    // It may be gone by now: another process sweeps as well.
    const made = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - made > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true })
  }
}

/**
 * Fetches Kafka's jars into the user's cache folder unless they are there.
 *
 * Built in a folder of its own and renamed into place, so a half-made installation is never seen and two
 * processes may race: the second finds the name taken and drops its own.
 * Throws `KafkaNotInstalled` where Maven cannot fetch them.
 */
export async function installKafka(report: Report): Promise<KafkaInstallation> {
  const target = installation(cacheFolder())
  if (isKafkaInstalled()) return target
  report(`fetching Kafka ${KAFKA_VERSION} with Maven into ${target.folder} (once, about 43 MB)`)
  await mkdir(dirname(target.folder), { recursive: true })
  await sweepAbandoned(target.folder)
  const building = installation(await mkdtemp(`${target.folder}${BUILDING}`))
  try {
    await fetchJars(join(building.folder, 'libs'))
    await formatStorage(building)
    await rename(building.folder, target.folder).catch((error) => {
      if (!isKafkaInstalled()) throw error
    })
  } finally {
    await rm(building.folder, { recursive: true, force: true })
  }
  return target
}
