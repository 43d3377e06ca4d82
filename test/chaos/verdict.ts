import type { Committed } from './committed.ts'
import type { Recount } from './recount.ts'

/** What a comparison of the committed with the oracle shows. */
export interface Verdict {
  readonly events: number
  readonly lost: number
  readonly doubled: number
  /** Everything that is not as it should be, in words. */
  readonly faults: readonly string[]
}

const TOLD_MAX = 8

/**
 * Compares pane by pane and cell by cell. Events lost and doubled are summed over panes apart, so that one
 * cannot hide the other.
 * @param sourceEnds offset after the last record of each source partition, by `topic/partition`
 */
export function judge(
  oracle: Recount,
  committed: Committed,
  sourceEnds: ReadonlyMap<string, number>,
): Verdict {
  const faults: string[] = [...committed.breaks]
  let lost = 0
  let doubled = 0
  for (const key of new Set([...oracle.counts.keys(), ...committed.counts.keys()])) {
    const wanted = oracle.counts.get(key) ?? new Map<string, number>()
    const found = committed.counts.get(key) ?? new Map<string, number>()
    for (const name of new Set([...wanted.keys(), ...found.keys()])) {
      const difference = (found.get(name) ?? 0) - (wanted.get(name) ?? 0)
      if (difference === 0) continue
      faults.push(`${key} ${name}: expected ${wanted.get(name) ?? 0}, got ${found.get(name) ?? 0}`)
      if (name !== 'events' && name !== 'labelled') continue
      if (difference < 0) lost -= difference
      else doubled += difference
    }
  }
  for (const [source, end] of sourceEnds) {
    const reached = committed.reached.get(source) ?? 0
    if (reached !== end) faults.push(`${source}: covered up to ${reached}, expected ${end}`)
  }
  for (const [task, watermark] of oracle.watermarks) {
    const found = committed.watermarks.get(task)
    if (found !== watermark) faults.push(`watermark of task ${task}: expected ${watermark}, got ${found}`)
  }
  const told = faults.slice(0, TOLD_MAX)
  if (faults.length > told.length) told.push(`and ${faults.length - told.length} more`)
  return { events: oracle.events, lost, doubled, faults: told }
}

/** What two fields of one scenario show. */
export function together(one: Verdict, other: Verdict): Verdict {
  return {
    events: one.events + other.events,
    lost: one.lost + other.lost,
    doubled: one.doubled + other.doubled,
    faults: [...one.faults, ...other.faults],
  }
}
