import type { RowCounter } from '../row-counter.ts'

const BINS = 512

/** The plain way to the same counts: a binary search over the 511 inner edges of 512 bins. */
export class BinarySearchPeer implements RowCounter {
  readonly #edges: readonly Float64Array[]
  readonly #bins: readonly Uint32Array[]

  constructor(samples: readonly Float64Array[]) {
    this.#edges = samples.map(equalMassEdges)
    this.#bins = samples.map(() => new Uint32Array(BINS))
  }

  clear(): void {
    for (const bins of this.#bins) bins.fill(0)
  }

  countRows(values: Float64Array): void {
    const allEdges = this.#edges
    const allBins = this.#bins
    for (let index = 0; index < values.length; ) {
      for (let feature = 0; feature < allEdges.length; feature++, index++) {
        const bins = allBins[feature]!
        const bin = binarySearch(allEdges[feature]!, values[index]!)
        bins[bin] = bins[bin]! + 1
      }
    }
  }

  total(): number {
    return this.#bins.reduce((sum, bins) => sum + bins.reduce((count, cell) => count + cell, 0), 0)
  }
}

function equalMassEdges(sample: Float64Array): Float64Array {
  const sorted = sample.toSorted()
  return Float64Array.from(
    { length: BINS - 1 },
    (_, cut) => sorted.at(Math.floor(((cut + 1) * sorted.length) / BINS))!,
  )
}

function binarySearch(edges: Float64Array, x: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (x < edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}
