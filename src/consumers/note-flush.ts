import type { ErrorCode } from '../errors/codes.ts'
import type { DriftstreamError } from '../errors/driftstream-error.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { Metrics } from '../metrics/metrics.ts'

const OUTCOMES: ReadonlyMap<ErrorCode, string> = new Map([
  ['COMMIT_UNCLEAR', 'unclear'],
  ['PRODUCER_FENCED', 'fenced'],
])

/** Counts one transaction by how it ended (null: committed), and how long it took. */
export function noteFlush(
  metrics: Metrics,
  process: string,
  startedAt: number,
  error: DriftstreamError | null,
): void {
  const outcome = error === null ? 'committed' : (OUTCOMES.get(error.code) ?? 'failed')
  metrics.add(METRICS.flushes, { process, outcome })
  metrics.observe(METRICS.flushSeconds, { process }, (performance.now() - startedAt) / 1_000)
}
