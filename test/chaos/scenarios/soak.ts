import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const ROUND_MS = 500
const ROUND_EVENTS = 1_000
const RESTART_MINUTES = 5
/** Between two samples of the process that is never restarted. */
const SAMPLE_MS = 10_000
/** Growth that is called flat: what the collector leaves lying about. */
const GROWTH_MAX_BYTES_HOUR = 64 * 2 ** 20
const HANDLES_GROWTH_MAX = 8

/** Two thousand events a second for an hour; one process is restarted every five minutes, the other never. */
export const soak: Scenario = {
  id: 'T16',
  name: 'soak',
  brokers: 1,
  inQuick: false,
  async play({ open, minutes }) {
    const field = await open({ name: 't16', labelWait: '1m', flushInterval: '1s', flushEvents: 50_000 })
    const stayer = field.start('observe')
    let other = field.start('observe')
    await stayer.assigned()
    const startedAt = performance.now()
    const samples: { minute: number; bytes: number; handles: number }[] = []
    let restarts = 0
    let sampledAt = Number.NEGATIVE_INFINITY
    for (let round = 0; performance.now() - startedAt < minutes * 60_000; round++) {
      const due = startedAt + round * ROUND_MS - performance.now()
      if (due > 0) await sleep(due)
      await field.produce(ROUND_EVENTS)
      const minute = (performance.now() - startedAt) / 60_000
      if (performance.now() - sampledAt > SAMPLE_MS) {
        sampledAt = performance.now()
        samples.push({ minute, bytes: stayer.memory().bytes, handles: stayer.handles() })
      }
      if (minute >= RESTART_MINUTES * (restarts + 1)) {
        restarts++
        other.signal(restarts % 2 === 0 ? 'SIGTERM' : 'SIGKILL')
        await other.exited
        other = field.start('observe')
      }
    }
    await field.reached(1)
    // The first fifth is warming up.
    const settled = samples.slice(Math.ceil(samples.length / 5))
    const slope = slopeOf(settled.map(({ minute, bytes }) => [minute / 60, bytes]))
    const growth = settled.at(-1)!.handles - settled[0]!.handles
    const faults: string[] = []
    // Over some minutes a slope says nothing.
    if (minutes >= 30 && slope > GROWTH_MAX_BYTES_HOUR) faults.push(`memory grows by ${inMiB(slope)} an hour`)
    if (growth > HANDLES_GROWTH_MAX) faults.push(`${growth} handles more than at the beginning`)
    const measured = {
      minutes,
      restarts,
      'memory a hour': inMiB(slope),
      memory: inMiB(settled.at(-1)!.bytes),
      handles: `${settled[0]!.handles} to ${settled.at(-1)!.handles}`,
    }
    return { verdict: await field.verdict(), measured, faults }
  },
}

/** Least squares. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  let [above, below] = [0, 0]
  for (const [x, y] of points) {
    above += (x - mx) * (y - my)
    below += (x - mx) ** 2
  }
  return above / below
}

function inMiB(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
