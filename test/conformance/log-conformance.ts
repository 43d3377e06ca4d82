import { afterAll, beforeAll, describe } from 'vitest'
import type { Log } from '../../src/log/port.ts'
import { LogFixture } from './log-fixture.ts'
import { groupsConformance } from './log-groups.ts'
import { readingConformance } from './log-reading.ts'
import { recordsConformance } from './log-records.ts'
import { transactionsConformance } from './log-transactions.ts'

/**
 * What every adapter behind the log port must do. Each case makes topics and groups of its own, so the
 * cases share one log, and a broker may be used for many runs.
 */
export function logConformance(name: string, open: () => Promise<Log>): void {
  describe(`${name} keeps the promises of the log port`, { timeout: 60_000 }, () => {
    const fixture = new LogFixture(open)
    beforeAll(() => fixture.start())
    afterAll(() => fixture.stop())
    recordsConformance(fixture)
    transactionsConformance(fixture)
    readingConformance(fixture)
    groupsConformance(fixture)
  })
}
