import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'
import { type Slope, slopeOf } from '../slope.ts'
import type { Worker } from '../worker.ts'

const ROUND_MS = 500
const ROUND_EVENTS = 1_000
/** Half a minute of the stream after their predictions; one prediction in twenty waits in vain, and expires. */
const LABELS = { delayMs: 30_000, neverEvery: 20 }
const RESTART_MINUTES = 5
const SAMPLE_MS = 10_000
const WARM_SHARE = 0.25
/**
 * What a process may grow by, an hour and after a collection: the upper end of the interval counts. Resident
 * memory has more room: what is freed beside V8 is given back late, or in another order than it was taken.
 */
const GROWTH_MAX_BYTES = { live: 8 * 2 ** 20, resident: 24 * 2 ** 20 }
const RESIDENT_MAX_BYTES = 512 * 2 ** 20
/** In MiB. Left to itself V8 doubles it at a burst and seldom shrinks it: three steps of it are an hour's slope. */
const YOUNG_GENERATION = 32
const HANDLES_GROWTH_MAX = 8
/** Over less a slope says nothing. */
const JUDGED_MINUTES = 30
/** For a slope of what the probes said. */
const SAMPLES_MIN = 4
const HEAP_PROBE = [
  `--min-semi-space-size=${YOUNG_GENERATION}`,
  `--max-semi-space-size=${YOUNG_GENERATION}`,
  '--expose-gc',
  '--import',
  new URL('../heap-probe.ts', import.meta.url).href,
]

/**
 * Two thousand events a second, with labels, for an hour. One observer is restarted every five minutes. One is
 * left alone: its handles are judged, and how much memory it has at most. Another observer, and a detector, are
 * collected every minute, with a young generation of one size: what they hold then must not grow, which is what
 * leaks within V8, nor what is resident then, which is what leaks beside it. All three live from the first
 * minute to the last.
 *
 * How resident memory of the first grew is told and not judged: V8 sizes its heap in steps of tens of
 * megabytes, up when a burst survives a collection and seldom down, so an hour holds two or three steps and no
 * slope.
 */
export const soak: Scenario = {
  id: 'T16',
  name: 'soak',
  brokers: 1,
  inQuick: false,
  async play({ open, minutes }) {
    const field = await open({ name: 't16', partitions: 6, flushInterval: '1s', flushEvents: 50_000 })
    const stayer = field.start('observe')
    const probed = [field.start('observe', {}, HEAP_PROBE), field.start('detect', {}, HEAP_PROBE)]
    let other = field.start('observe')
    await stayer.assigned()
    const startedAt = performance.now()
    const since = () => (performance.now() - startedAt) / 60_000
    const samples: { minute: number; bytes: number; handles: number }[] = []
    const heaps = probed.map((process) => listen(process, since))
    let restarts = 0
    let sampledAt = Number.NEGATIVE_INFINITY
    for (let round = 0; since() < minutes; round++) {
      const due = startedAt + round * ROUND_MS - performance.now()
      if (due > 0) await sleep(due)
      await field.produce(ROUND_EVENTS, LABELS)
      if (performance.now() - sampledAt > SAMPLE_MS) {
        sampledAt = performance.now()
        samples.push({ minute: since(), bytes: stayer.memory().bytes, handles: stayer.handles() })
      }
      if (since() >= RESTART_MINUTES * (restarts + 1)) {
        restarts++
        other.signal(restarts % 2 === 0 ? 'SIGTERM' : 'SIGKILL')
        await other.exited
        other = field.start('observe')
        tell(samples.at(-1)!, heaps)
      }
    }
    await field.reached(1)
    const settled = samples.filter(({ minute }) => minute >= WARM_SHARE * minutes)
    const [first, last] = [settled[0]!, settled.at(-1)!]
    const faults: string[] = []
    const resident = slopeOf(settled.map(({ minute, bytes }) => [minute / 60, bytes]))
    const peak = Math.max(...samples.map(({ bytes }) => bytes))
    if (peak > RESIDENT_MAX_BYTES) faults.push(`expected less than 512 MiB resident, got ${inMiB(peak)}`)
    const measured: Record<string, string | number> = {
      minutes,
      restarts,
      resident: `${inMiB(first.bytes)} to ${inMiB(last.bytes)}`,
      'resident an hour': inWords(resident),
    }
    for (const [index, heap] of heaps.entries()) {
      const late = heap.filter(({ minute }) => minute >= WARM_SHARE * minutes)
      if (late.length < SAMPLES_MIN) {
        if (minutes >= JUDGED_MINUTES) faults.push(`${probed[index]!.name} has said too little of its heap`)
        continue
      }
      for (const what of ['live', 'resident'] as const) {
        const slope = slopeOf(late.map((sample) => [sample.minute / 60, sample[what]]))
        const name = `${probed[index]!.name} ${what}`
        measured[`${name}, collected`] = `${inMiB(late[0]![what])} to ${inMiB(late.at(-1)![what])}`
        measured[`${name} an hour`] = inWords(slope)
        if (minutes < JUDGED_MINUTES || slope.high <= GROWTH_MAX_BYTES[what]) continue
        faults.push(`after collections, ${name} grows by ${inWords(slope)} an hour`)
      }
    }
    for (const process of [stayer, ...probed]) {
      if (!process.isRunning) faults.push(`${process.name} has ended by itself\n${process.tail()}`)
    }
    const growth = last.handles - first.handles
    if (growth > HANDLES_GROWTH_MAX) faults.push(`${growth} handles more than at the beginning`)
    measured.handles = `${first.handles} to ${last.handles}`
    return { verdict: await field.verdict(), measured, faults }
  },
}

interface Collected {
  readonly minute: number
  readonly live: number
  readonly resident: number
}

/** What a probed process says it holds. */
function listen(process: Worker, since: () => number): Collected[] {
  const heap: Collected[] = []
  process.onLine(({ liveBytes, residentBytes }) => {
    if (liveBytes !== undefined) heap.push({ minute: since(), live: liveBytes, resident: residentBytes! })
  })
  return heap
}

function tell(
  { minute, bytes, handles }: { minute: number; bytes: number; handles: number },
  heaps: readonly (readonly Collected[])[],
): void {
  const live = heaps.map((heap) => inMiB(heap.at(-1)?.live ?? Number.NaN)).join(' and ')
  const at = `soak, minute ${Math.round(minute)}`
  process.stderr.write(`${at}: resident ${inMiB(bytes)}, live ${live}, ${handles} handles\n`)
}

function inWords({ perUnit, low, high }: Slope): string {
  return `${inMiB(perUnit)} (${inMiB(low)} to ${inMiB(high)})`
}

function inMiB(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
