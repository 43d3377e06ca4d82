/**
 * The partition of a key, as Kafka's Java clients choose it: positive murmur2 of the key's bytes, modulo
 * the partition count. Pinned here so that records of one key lie where every other producer puts them.
 * Source: Apache Kafka, `Utils.murmur2`; test vectors from `UtilsTest.testMurmur2`.
 */
export function partitionOf(key: Uint8Array | string, partitionCount: number): number {
  const bytes = typeof key === 'string' ? encoder.encode(key) : key
  return (murmur2(bytes) & 0x7fffffff) % partitionCount
}

const encoder = new TextEncoder()
const SEED = 0x9747b28c
const M = 0x5bd1e995

/** 32-bit murmur2 as a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length
  let hash = SEED ^ length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    k = Math.imul(k, M)
    k ^= k >>> 24
    k = Math.imul(k, M)
    hash = Math.imul(hash, M) ^ k
  }
  const rest = length - at
  if (rest === 3) hash ^= bytes[at + 2]! << 16
  if (rest >= 2) hash ^= bytes[at + 1]! << 8
  if (rest >= 1) {
    hash ^= bytes[at]!
    hash = Math.imul(hash, M)
  }
  hash ^= hash >>> 13
  hash = Math.imul(hash, M)
  return hash ^ (hash >>> 15)
}
