import type { DeltaSource, SketchDelta } from '../sketches/delta.ts'

/**
 * Does a delta continue what was merged before? The detector does not trust its client: a source range
 * merged twice or skipped would be a silent lie in every count, so each delta names the source offsets it
 * covers, and only what continues is merged.
 */
export interface ContiguityState {
  /** Per source topic-partition, the next offset that continues what was merged. */
  readonly expected: Map<string, number>
  /** Header of the flush being merged: its further parts carry the same ranges and are no overlap. */
  readonly merging: Map<number, { flush: string; nextPart: number }>
  overlaps: number
  gaps: number
}

export interface Gap {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

export type Continuation =
  | { readonly kind: 'continues' }
  | { readonly kind: 'overlaps' }
  | { readonly kind: 'gap'; readonly gaps: readonly Gap[] }

export function createContiguity(): ContiguityState {
  return { expected: new Map(), merging: new Map(), overlaps: 0, gaps: 0 }
}

/**
 * Advances over one delta. `overlaps`: some of it was merged before, drop it whole (flushes are atomic, so
 * a range is either all new or all old). `gap`: merge it, and raise an alarm: offsets are missing.
 */
export function acceptDelta(state: ContiguityState, delta: SketchDelta): Continuation {
  const flush = `${delta.flush}\n${delta.sources.map((s) => `${s.topic}\n${s.partition}\n${s.from}\n${s.to}`).join('\n')}`
  if (delta.part > 0) {
    const merging = state.merging.get(delta.task)
    const follows = merging?.flush === flush && merging.nextPart === delta.part
    if (!follows) {
      state.overlaps++
      return { kind: 'overlaps' }
    }
    merging.nextPart++
    return { kind: 'continues' }
  }

  const gaps: Gap[] = []
  for (const source of delta.sources) {
    const expected = state.expected.get(keyOf(source))
    if (expected === undefined || source.from === expected) continue
    if (source.from < expected) {
      state.overlaps++
      state.merging.delete(delta.task)
      return { kind: 'overlaps' }
    }
    gaps.push({ topic: source.topic, partition: source.partition, from: expected, to: source.from })
  }
  for (const source of delta.sources) state.expected.set(keyOf(source), source.to)
  state.merging.set(delta.task, { flush, nextPart: 1 })
  state.gaps += gaps.length
  return gaps.length === 0 ? { kind: 'continues' } : { kind: 'gap', gaps }
}

/** The offset of a source partition up to which all has been taken in; 0 before anything. */
export function takenInUntil({ expected }: ContiguityState, source: SourcePartition): number {
  return expected.get(keyOf(source)) ?? 0
}

type SourcePartition = Pick<DeltaSource, 'topic' | 'partition'>

function keyOf({ topic, partition }: SourcePartition): string {
  return `${topic}\n${partition}`
}
