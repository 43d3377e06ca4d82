import type { AppOptions } from '../config/options.ts'
import type { Condition } from '../consumers/condition.ts'
import { collectHostMetrics } from '../http/host-metrics.ts'
import { openMonitor } from '../http/monitor-server.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { packageVersion } from './package-version.ts'

/**
 * Opens the server of a command's metrics where the configuration asks for one; returns what closes it.
 * @throws METRICS_ADDRESS_UNAVAILABLE
 */
export async function serveMetrics(
  { metrics: address }: AppOptions,
  metrics: Metrics,
  conditions: () => readonly Condition[],
): Promise<() => Promise<void>> {
  if (address === undefined) return async () => {}
  const server = await openMonitor(address, metrics, conditions)
  const tellNoMore = collectHostMetrics(metrics, packageVersion())
  return async () => {
    tellNoMore()
    await server.close()
  }
}
