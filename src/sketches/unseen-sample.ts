import type { UnseenOccurrence } from './types.ts'

/** Occurrences sampled per feature and pane: a value with a tenth of them is missed once in 850 panes. */
export const UNSEEN_MAX = 64

/** UTF-16 units kept of a sampled value; a longer one is cut and told apart by a hash. */
export const UNSEEN_LENGTH_MAX = 64

const HASH_LENGTH = 8

/** A value with its estimated part in what was unseen. */
export interface UnseenValue {
  readonly value: string
  /** Share of the sampled occurrences: standard error at most 1 / (2 sqrt(sampled)). */
  readonly share: number
}

/**
 * Takes one occurrence into a sample: the `UNSEEN_MAX` occurrences of least rank. Ranks are a hash of the
 * event and the feature, so the sample is uniform over occurrences, frequent values fill it, and the same
 * events give the same sample in any order and any split.
 * Source: bottom-k sampling, Cohen & Kaplan, "Summarizing data using bottom-k sketches", PODC 2007.
 */
export function addUnseen(
  sample: readonly UnseenOccurrence[],
  rank: number,
  value: string,
): readonly UnseenOccurrence[] {
  if (sample.length >= UNSEEN_MAX && rank > sample.at(-1)!.rank) return sample
  return mergeUnseen(sample, [{ rank, value: boundedText(value) }])
}

/** The least of both samples, as a new list. Associative and commutative: equal occurrences stay apart. */
export function mergeUnseen(
  a: readonly UnseenOccurrence[],
  b: readonly UnseenOccurrence[],
): readonly UnseenOccurrence[] {
  const merged: UnseenOccurrence[] = []
  for (let i = 0, j = 0; merged.length < UNSEEN_MAX && (i < a.length || j < b.length); ) {
    const [left, right] = [a[i], b[j]]
    if (right === undefined || (left !== undefined && byRankThenValue(left, right) <= 0)) {
      merged.push(left!)
      i++
    } else {
      merged.push(right)
      j++
    }
  }
  return merged
}

/** The sampled values, the most frequent first, ties by code units. */
export function unseenValues(sample: readonly UnseenOccurrence[]): UnseenValue[] {
  const counts = new Map<string, number>()
  for (const { value } of sample) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([value, count]) => ({ value, share: count / sample.length }))
    .sort((a, b) => b.share - a.share || (a.value < b.value ? -1 : 1))
}

export function byRankThenValue(a: UnseenOccurrence, b: UnseenOccurrence): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
}

/** The rank of an event's value of the feature at `feature`. */
export function unseenRank(eventId: string, feature: number): number {
  return scrambled(hashText(eventId) ^ Math.imul(feature + 1, 0x9e37_79b1))
}

function boundedText(value: string): string {
  if (value.length <= UNSEEN_LENGTH_MAX) return value
  const hash = scrambled(hashText(value)).toString(16).padStart(HASH_LENGTH, '0')
  return `${value.slice(0, UNSEEN_LENGTH_MAX - HASH_LENGTH - 1)}…${hash}`
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c_9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193)
  return hash
}

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
function scrambled(hash: number): number {
  let mixed = hash
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
