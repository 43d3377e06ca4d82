import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import { METRICS } from '../metrics/catalogue.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** How often the timers of the event loop are looked at; what it adds to every delay, and is taken off. */
const RESOLUTION_MS = 10

/** Tells of the host's side of a process: memory, processor time, and how late the event loop is. */
export function collectHostMetrics(metrics: Metrics, version: string): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const startedAt = Date.now() / 1_000 - process.uptime()
  const tellNoMore = metrics.collect((set) => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3)
    set(METRICS.buildInfo, { version }, 1)
    set(METRICS.residentBytes, {}, rss)
    set(METRICS.heapBytes, {}, heapUsed)
    set(METRICS.cpuSeconds, {}, (user + system) / 1e6)
    set(METRICS.startSeconds, {}, startedAt)
    set(METRICS.loopLag99, {}, late(delay.percentile(99)))
    set(METRICS.loopLagMax, {}, late(delay.max))
    delay.reset()
  })
  return () => {
    tellNoMore()
    delay.disable()
  }
}
