import { TDigest } from 'tdigest'
import type { RowCounter } from '../row-counter.ts'

/** npm `tdigest` at its defaults, one digest a feature. */
export class TDigestPeer implements RowCounter {
  readonly #digests: readonly TDigest[]

  constructor(features: number) {
    this.#digests = Array.from({ length: features }, () => new TDigest())
  }

  clear(): void {
    for (const digest of this.#digests) digest.reset()
  }

  countRows(values: Float64Array): void {
    const digests = this.#digests
    for (let index = 0; index < values.length; ) {
      for (let feature = 0; feature < digests.length; feature++, index++)
        digests[feature]!.push(values[index]!)
    }
  }

  total(): number {
    return this.#digests.reduce((sum, digest) => sum + countOf(digest), 0)
  }
}

/** Its types do not tell of it. */
function countOf(digest: TDigest): number {
  return (digest as TDigest & { readonly n: number }).n
}
