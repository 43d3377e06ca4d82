import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildOnce, cachedUnder } from '../java/build-once.ts'
import { JVM_FLAGS, javaCommand } from '../java/java.ts'
import { type Report, runMaven } from '../java/maven.ts'
import { singleNodeProperties } from './kafka-properties.ts'

export const KAFKA_VERSION = '4.4.0'

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
  return cachedUnder(`kafka-${KAFKA_VERSION}`)
}

export function isKafkaInstalled(): boolean {
  return existsSync(cacheFolder())
}

const execute = promisify(execFile)

async function fetchJars(into: string): Promise<void> {
  const pom = join(import.meta.dirname, 'pom.xml')
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${into}`]
  await runMaven(['-f', pom, ...goal]).catch((cause: Error) => {
    throw new KafkaNotInstalled(`Maven could not fetch Kafka ${KAFKA_VERSION}:\n${cause.message}`, { cause })
  })
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

/**
 * Fetches Kafka's jars into the user's cache folder unless they are there.
 * Throws `KafkaNotInstalled` where Maven cannot fetch them.
 */
export async function installKafka(report: Report): Promise<KafkaInstallation> {
  const target = installation(cacheFolder())
  if (isKafkaInstalled()) return target
  report(`fetching Kafka ${KAFKA_VERSION} with Maven into ${target.folder} (once, about 43 MB)`)
  await buildOnce(target.folder, async (folder) => {
    const building = installation(folder)
    await fetchJars(join(building.folder, 'libs'))
    await formatStorage(building)
  })
  return target
}
