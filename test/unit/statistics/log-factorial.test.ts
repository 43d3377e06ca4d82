import { expect, it } from 'vitest'
import { logFactorial } from '../../../src/statistics/log-factorial.ts'
import { goldenRows, relativeError } from '../../support/golden-statistics.ts'

it('logFactorial agrees with scipy on both sides of its table', () => {
  for (const row of goldenRows('logFactorial')) {
    expect(relativeError(logFactorial(row.k!), row.logFactorial!), `k ${row.k}`).toBeLessThan(1e-14)
  }
})
