import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { javaVersion } from '../java/java.ts'
import type { Report } from '../java/maven.ts'
import type { KafkaInstallation } from './installation.ts'

/**
 * Makes, once per Java version, an archive of the classes a broker loads, and returns the JVM flags that
 * use it: the broker then starts in half the time.
 *
 * `runOnce` starts a broker with the given flags and ends it cleanly, on which the JVM writes the archive.
 * Only a speed-up: a Java that writes none is noted beside the jars, and brokers start without.
 */
export async function classArchiveFlags(
  installation: KafkaInstallation,
  runOnce: (jvmFlags: readonly string[]) => Promise<void>,
  report: Report,
): Promise<readonly string[]> {
  // The JVM checks that the jars still lie where they lay, so this happens after their rename into place.
  const archive = join(installation.folder, `classes-${javaVersion()}.jsa`)
  const use = [`-XX:SharedArchiveFile=${archive}`]
  if (existsSync(archive)) return use
  const failed = `${archive}.failed`
  if (existsSync(failed)) return []
  report('making the class archive for faster starts (once)')
  // Two processes may both make one: each its own, the last rename wins.
  const making = `${archive}.${process.pid}`
  try {
    await runOnce([`-XX:ArchiveClassesAtExit=${making}`])
  } catch (error) {
    report(`no class archive this time: ${(error as Error).message}`)
    return []
  }
  try {
    await rename(making, archive)
    return use
  } catch {
    await writeFile(
      failed,
      'This Java ran a broker and wrote no class archive; remove this file to try again.\n',
    )
    report('no class archive, this Java writes none: brokers start slower')
    return []
  }
}
