import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** `$JAVA_HOME/bin/java` where that is set, as Maven reads it too; otherwise the `java` on the path. */
export function javaCommand(): string {
  const home = process.env.JAVA_HOME
  return home ? join(home, 'bin', 'java') : 'java'
}

/** The version a `java -version` speaks of, such as `17.0.15`; null where there is none. */
export function parseJavaVersion(text: string): string | null {
  return /version "([^"]+)"/.exec(text)?.[1] ?? null
}

/** The version of the Java at hand; null without one. */
export function javaVersion(): string | null {
  // `java -version` answers on stderr.
  const answer = spawnSync(javaCommand(), ['-version'], { encoding: 'utf8' })
  return answer.error ? null : parseJavaVersion(answer.stderr)
}

/** Serial collector and first compiler only: what runs for a test lives seconds, so it pays to start fast. */
export const JVM_FLAGS: readonly string[] = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
