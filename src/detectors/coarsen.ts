import { DriftstreamError } from '../errors/driftstream-error.ts'
import { type Counts, total } from '../statistics/count-totals.ts'

/**
 * Groups adjacent bins into at most `groupsMax` groups of about equal reference mass.
 *
 * A bin goes where the middle of its mass lies, so a bin is never split (an atom stays whole), and bins
 * below, between and above large atoms keep groups of their own even where the reference has nothing:
 * that is where a feature with few values goes when it changes.
 * @returns the group of each bin: 0, then rising by 0 or 1; all 0 for an empty reference
 */
export function coarsen(reference: Counts, groupsMax: number): Uint16Array {
  const m = total(reference)
  const groups = new Uint16Array(reference.length)
  if (m === 0) return groups
  let below = 0
  let slot = 0
  let group = 0
  for (let bin = 0; bin < reference.length; bin++) {
    const count = reference[bin]!
    const middle = (below + count / 2) / m
    below += count
    const ownSlot = Math.min(groupsMax - 1, Math.floor(middle * groupsMax))
    if (bin > 0 && ownSlot !== slot) group++
    slot = ownSlot
    groups[bin] = group
  }
  return groups
}

/**
 * Sums the bins of each group.
 * @throws STATE_IMPOSSIBLE when there is not one group for each bin
 */
export function sumGroups(counts: Counts, groups: Uint16Array): Float64Array {
  if (counts.length !== groups.length) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected counts on ${groups.length} bins, got ${counts.length}`,
    )
  }
  const sums = new Float64Array((groups.at(-1) ?? -1) + 1)
  for (let bin = 0; bin < counts.length; bin++) sums[groups[bin]!]! += counts[bin]!
  return sums
}
