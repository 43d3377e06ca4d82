import { stableId } from '../events/stable-id.ts'
import type { HealthCounts, StreamHealthEvent, TaskHealth } from '../events/stream-health-event.ts'
import type { SketchDelta, StreamCounts } from '../sketches/delta.ts'
import type { Continuation, Gap } from './contiguity.ts'
import { emptyStreamCounts } from './observe.ts'

/** More gaps than these are counted and not listed: a log that lost a day may have thousands. */
const GAPS_MAX = 20

/** What deltas say of the stream itself, added up: in all, and since it was told last. */
export interface StreamHealthState {
  totals: HealthCounts
  untold: HealthCounts
  gaps: Gap[]
  readonly tasks: Map<number, TaskHealth>
  /** Stream time of the last event; null before the first. */
  toldUntil: number | null
}

export function createStreamHealth(): StreamHealthState {
  return { totals: noCounts(), untold: noCounts(), gaps: [], tasks: new Map(), toldUntil: null }
}

/** Takes in one delta, merged or dropped. The parts of a flush repeat its counts: the first part's are taken. */
export function noteDelta(state: StreamHealthState, delta: SketchDelta, continuation: Continuation): void {
  if (continuation.kind === 'overlaps') {
    add(state, { overlaps: 1 })
    return
  }
  if (delta.part === 0) {
    const { waiting, ...counts } = delta.stream
    add(state, counts)
    noteTask(state, delta, waiting)
  }
  if (continuation.kind !== 'gap') return
  const missingOffsets = continuation.gaps.reduce((sum, { from, to }) => sum + to - from, 0)
  add(state, { gaps: continuation.gaps.length, missingOffsets })
  state.gaps.push(...continuation.gaps.slice(0, GAPS_MAX - state.gaps.length))
}

/** What has been noted since the last call, up to stream time `until`. */
export function tellHealth(state: StreamHealthState, until: number, paneMs: number): StreamHealthEvent {
  const { untold, totals, gaps, tasks, toldUntil } = state
  const window = { fromMs: toldUntil ?? until - paneMs, toMs: until }
  const event: StreamHealthEvent = {
    id: stableId('stream-health', window.fromMs, window.toMs),
    at: window.toMs,
    window,
    state: untold.gaps > 0 ? 'incomplete' : 'whole',
    counts: untold,
    totals: { ...totals },
    gaps,
    tasks: [...tasks.values()].sort((a, b) => a.task - b.task),
  }
  state.untold = noCounts()
  state.gaps = []
  state.toldUntil = until
  return event
}

function noteTask(state: StreamHealthState, delta: SketchDelta, waiting: number): void {
  const { task, watermark, idle } = delta
  state.tasks.set(task, {
    task,
    watermark: Number.isFinite(watermark) ? watermark : null,
    idle,
    waiting,
    sources: delta.sources.map(({ topic, partition, to }) => ({ topic, partition, offset: to })),
  })
}

function add(
  { totals, untold }: StreamHealthState,
  counts: Partial<HealthCounts> | Omit<StreamCounts, 'waiting'>,
): void {
  for (const [name, count] of Object.entries(counts) as [keyof HealthCounts, number][]) {
    totals[name] += count
    untold[name] += count
  }
}

function noCounts(): HealthCounts {
  const { waiting: _level, ...counts } = emptyStreamCounts()
  return { ...counts, overlaps: 0, gaps: 0, missingOffsets: 0 }
}
