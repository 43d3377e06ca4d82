import { type ReportLine, reportLine } from '../report-line.ts'
import { FLUSH_MS, measureDriftLatency } from './drift-latency.ts'
import type { Stage } from './stage.ts'
import { bareLoop, type Cost, observers, takeTurns } from './throughput.ts'

/** How much of each figure is measured, and who hears of the parts. */
export interface Extent {
  readonly records: number
  readonly repeats: number
  readonly trials: number
  readonly say: (line: string) => void
}

/** The observer against the bare loop, on the topics of one prefix. */
export async function againstBareLoop(stage: Stage, prefix: string, extent: Extent): Promise<ReportLine[]> {
  const { records, repeats, say } = extent
  const ways = [bareLoop(stage, prefix, records), observers(stage, prefix, records, 1)]
  const [bare = [], ours = []] = await takeTurns(ways, { repeats, run: prefix }, say)
  const line = (suffix: string, measure: string, value: number, unit: string, goal: string | null) =>
    reportLine({ id: `kafka-${prefix}-${suffix}`, measure, value, unit, goal })
  return [
    line('speed', "bare loop's time over the observer's", ratio('wall', bare, ours), '', '>= 1'),
    line('speed-median', 'the same, median of the repeats', medianRatio('wall', bare, ours), '', null),
    line('launch', 'the same, from the start of the process', ratio('launch', bare, ours), '', null),
    line('cpu', "bare loop's CPU over the observer's", ratio('cpu', bare, ours), '', null),
    line('cpu-median', 'the same, median of the repeats', medianRatio('cpu', bare, ours), '', null),
    line('bare-wall', 'bare loop, a record', least(bare, 'wall'), 'us', null),
    line('bare-launch', 'bare loop, a record from its start', least(bare, 'launch'), 'us', null),
    line('bare-cpu', 'bare loop, CPU a record', least(bare, 'cpu'), 'us', null),
    line('observer-wall', 'observer, a record', least(ours, 'wall'), 'us', null),
    line('observer-launch', 'observer, a record from its start', least(ours, 'launch'), 'us', null),
    line('observer-cpu', 'observer, CPU a record', least(ours, 'cpu'), 'us', null),
  ]
}

/** What it is worth to add a second observer on the same machine. */
export async function twoObservers(stage: Stage, prefix: string, extent: Extent): Promise<ReportLine[]> {
  const { records, repeats, say } = extent
  const ways = [observers(stage, prefix, records, 1), observers(stage, prefix, records, 2)]
  const [one = [], two = []] = await takeTurns(ways, { repeats, run: 'two' }, say)
  const line = (id: string, measure: string, value: number) =>
    reportLine({ id, measure, value, unit: '', goal: null })
  return [
    line('kafka-two-observers', "one observer's time over that of two", ratio('wall', one, two)),
    line('kafka-two-observers-cpu', "one observer's CPU over that of two together", ratio('cpu', one, two)),
  ]
}

/** What the images start Node with. */
const HEAP_FLAG = '--initial-heap-size=128'

/**
 * What a heap is worth that begins large. The bytes of a backlog lie outside the heap and count towards the limit
 * at which all of it is marked, and a small heap has a low one.
 */
export async function largerHeap(stage: Stage, prefix: string, extent: Extent): Promise<ReportLine[]> {
  const { records, repeats, say } = extent
  const ways = [observers(stage, prefix, records, 1), observers(stage, prefix, records, 1, [HEAP_FLAG])]
  const [plain = [], larger = []] = await takeTurns(ways, { repeats, run: 'heap' }, say)
  const line = (id: string, measure: string, value: number) =>
    reportLine({ id, measure, value, unit: '', goal: null })
  return [
    line(
      'kafka-heap-cpu',
      `an observer's CPU over that of one with ${HEAP_FLAG}`,
      ratio('cpu', plain, larger),
    ),
    line('kafka-heap-speed', 'the same of time', ratio('wall', plain, larger)),
  ]
}

/** From an event to the drift event that follows from it. */
export async function driftLatency(stage: Stage, { trials, say }: Extent): Promise<ReportLine[]> {
  const sorted = (await measureDriftLatency(stage, trials, say)).sort((a, b) => a - b)
  const line = (name: string, share: number) =>
    reportLine({
      id: `kafka-latency-${name}`,
      measure: `event to drift event beyond the flush interval, ${name} of ${trials}`,
      value: quantile(sorted, share) - FLUSH_MS / 1_000,
      unit: 's',
      goal: '< 1',
    })
  return [line('p50', 0.5), line('p99', 0.99)]
}

const least = (costs: readonly Cost[], of: keyof Cost) => Math.min(...costs.map((cost) => cost[of]))

/** How many times as long one way takes as the other, by the least of each. */
const ratio = (of: keyof Cost, one: readonly Cost[], other: readonly Cost[]) =>
  least(one, of) / least(other, of)

/** The same repeat by repeat, and the median of those: what both sides had to bear is in both. */
function medianRatio(of: keyof Cost, one: readonly Cost[], other: readonly Cost[]): number {
  const ratios = one.map((cost, repeat) => cost[of] / other[repeat]![of]).sort((a, b) => a - b)
  return quantile(ratios, 0.5)
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
