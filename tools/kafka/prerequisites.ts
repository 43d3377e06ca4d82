import { spawnSync } from 'node:child_process'
import { isKafkaInstalled, MAVEN } from './installation.ts'
import { javaCommand, javaVersion } from './java.ts'

const JAVA_MAJOR_MIN = 17

/** What keeps this machine from running a local Kafka, as one sentence; null when nothing does. */
export function missingForLocalKafka(): string | null {
  // The watchdog is a POSIX shell and the faults are POSIX signals.
  if (process.platform === 'win32') return 'a local Kafka needs Linux or macOS (or WSL), this is Windows'
  const version = javaVersion()
  if (version === null) return `a local Kafka needs Java ${JAVA_MAJOR_MIN} or newer, no java was found`
  // `1.8.0` parses as 1, which is too old as well.
  if (Number.parseInt(version, 10) < JAVA_MAJOR_MIN) {
    return `a local Kafka needs Java ${JAVA_MAJOR_MIN} or newer, ${javaCommand()} is ${version}`
  }
  if (isKafkaInstalled()) return null
  if (spawnSync(MAVEN, ['-version']).error) {
    return `a local Kafka needs Maven to fetch Kafka's jars, no ${MAVEN} was found`
  }
  return null
}
