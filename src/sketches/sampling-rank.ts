const TWO_TO_21 = 2 ** 21
const TWO_TO_32 = 2 ** 32

/**
 * A whole number below 2^53 that looks drawn at random and depends on the text alone. Whoever keeps the rows
 * of the least ranks keeps the same rows in whatever order and on whatever machine they come.
 * Source: two FNV-1a hashes over UTF-16 units from different seeds, each through MurmurHash3's finalizer,
 * without which texts that differ in their last digit would stand in a row. No defence against someone
 * who chooses texts by their rank.
 */
export function samplingRank(text: string): number {
  let one = 0x811c9dc5
  let two = 0x9747b28c
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    one = Math.imul(one ^ unit, 0x01000193)
    two = Math.imul(two ^ unit, 0x01000193) ^ (two >>> 15)
  }
  return (finalized(one) % TWO_TO_21) * TWO_TO_32 + finalized(two ^ one)
}

function finalized(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
