import { describe } from 'vitest'
import { missingForLocalKafka } from '../../tools/kafka/local-kafka.ts'

const missing = missingForLocalKafka()

/**
 * A `describe` for tests that start, kill and restart brokers of their own, which only the local ones allow.
 * Where they cannot run they are skipped with the reason, or the run fails under `REQUIRE_KAFKA=1`.
 */
export function describeLocalKafka(name: string, tests: () => void): void {
  if (missing !== null && process.env.REQUIRE_KAFKA === '1') throw new Error(`REQUIRE_KAFKA=1: ${missing}`)
  if (missing !== null) process.stderr.write(`kafka: SKIPPED "${name}". ${missing}\n`)
  describe.skipIf(missing !== null)(name, tests)
}
