import type { DeltaEntry, SketchDelta } from './delta.ts'
import { cellCount, DELTA_CELLS_MAX, encodedEntryBytes } from './delta-codec.ts'

/** Half of a broker's default record limit: room for the header, and for a limit set a little lower. */
const PART_BYTES_MAX = 512 * 1024

/**
 * Cuts a delta into parts whose encoded entries stay within `bytesMax`; every part repeats the header, so
 * its sources and stream counts hold once for all parts together. An entry larger than `bytesMax` gets a
 * part of its own. Without entries there is one part.
 */
export function splitDelta(delta: SketchDelta, bytesMax = PART_BYTES_MAX): SketchDelta[] {
  const runs: DeltaEntry[][] = [[]]
  let bytes = 0
  let cells = 0
  for (const entry of delta.entries) {
    const entryBytes = encodedEntryBytes(entry)
    const entryCells = cellCount(entry)
    const full = bytes + entryBytes > bytesMax || cells + entryCells > DELTA_CELLS_MAX
    if (full && runs.at(-1)!.length > 0) {
      runs.push([])
      bytes = 0
      cells = 0
    }
    runs.at(-1)!.push(entry)
    bytes += entryBytes
    cells += entryCells
  }
  const { pairs, ...rest } = delta
  return runs.map((entries, part) => {
    const ofFirst = part === 0 && pairs !== undefined ? { pairs } : {}
    return { ...rest, part, parts: runs.length, entries, ...ofFirst }
  })
}
