import { spawnSync } from 'node:child_process'
import { javaCommand, javaVersion } from './java.ts'
import { MAVEN } from './maven.ts'

const JAVA_MAJOR_MIN = 17

/** What keeps this machine from running a thing of Java, as one sentence; null when nothing does. */
export function missingFor(thing: string, isInstalled: () => boolean): string | null {
  // The watchdog is a POSIX shell and the faults are POSIX signals.
  if (process.platform === 'win32') return `${thing} needs Linux or macOS (or WSL), this is Windows`
  const version = javaVersion()
  if (version === null) return `${thing} needs Java ${JAVA_MAJOR_MIN} or newer, no java was found`
  // `1.8.0` parses as 1, which is too old as well.
  if (Number.parseInt(version, 10) < JAVA_MAJOR_MIN) {
    return `${thing} needs Java ${JAVA_MAJOR_MIN} or newer, ${javaCommand()} is ${version}`
  }
  if (isInstalled()) return null
  return spawnSync(MAVEN, ['-version']).error
    ? `${thing} needs Maven to be fetched with, no ${MAVEN} was found`
    : null
}
