import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { exactCount } from './feature-block.ts'
import type { FeatureBlock } from './types.ts'

/**
 * A coarser way to count a block: runs of its cells, each summed to one count. Cells in no run are left out.
 * Feature i has the runs from `offsets[i]` up to `offsets[i + 1]`.
 */
export interface CoarseCells {
  /** First cell of each run, and the one after its last. */
  readonly from: Int32Array
  readonly to: Int32Array
  readonly offsets: Int32Array
}

/** The sums of the runs. */
export function coarseCounts({ from, to }: CoarseCells, block: FeatureBlock): Float64Array {
  const counts = new Float64Array(from.length)
  for (let run = 0; run < counts.length; run++) {
    let sum = 0
    for (let cell = from[run]!; cell < to[run]!; cell++) sum += exactCount(block, cell)
    counts[run] = sum
  }
  return counts
}

/** Coarse counts as bytes: two a count of a busy pane. */
export function packCoarse(counts: Float64Array): Uint8Array {
  const writer = new ByteWriter()
  for (const count of counts) writer.varint(count)
  return writer.finish()
}

/** The counts that were packed; `length` is their number. */
export function unpackCoarse(bytes: Uint8Array, length: number): Float64Array {
  const reader = new ByteReader(bytes)
  return Float64Array.from({ length }, () => reader.varint())
}
