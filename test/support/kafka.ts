import { describe, inject } from 'vitest'

async function askForBrokers(): Promise<string[] | null> {
  const response = await fetch(inject('kafkaDesk'))
  const body = await response.text()
  if (!response.ok) throw new Error(body)
  return (JSON.parse(body) as { brokers: string[] | null }).brokers
}

/** The broker of this test run; `brokers` is null when there is none, and the run has said why. */
export const kafka: { readonly brokers: string[] | null } = { brokers: await askForBrokers() }

/** A `describe` for tests that need the broker: without one it is reported as skipped. */
export function describeKafka(name: string, tests: () => void): void {
  describe.skipIf(kafka.brokers === null)(name, tests)
}

const startedAt = Date.now().toString(36)
let names = 0

/** A name for a topic, group or transactional id that no other test file or run of this broker uses. */
export function uniqueName(prefix: string): string {
  names += 1
  // The process id tells workers apart, the time two runs against the same given broker.
  return `${prefix}-${process.pid}-${startedAt}-${names}`
}
