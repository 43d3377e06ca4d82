import type { Reference } from '../sketches/types.ts'
import { relaid } from './relaid.ts'
import type { IdColumns } from './waiting-ids.ts'

/** A version, and the reference that its events were counted on. */
export interface CountedVersion {
  readonly version: string
  readonly reference: Reference | null
}

/** So many pairs are kept whether they are still in use or not. */
const PAIRS_MIN = 64

/**
 * A column of versions with their references. There are few of them in a million rows, so each is kept once
 * and a row holds its number: two lists of pointers as long as the column would be walked and moved by a
 * garbage collector.
 */
export class VersionColumn implements IdColumns {
  #numbers = new Int32Array(0)
  #pairs: CountedVersion[] = []
  readonly #numberOf = new Map<Reference | null, Map<string, number>>()
  /** The pair of the row that was put last. */
  #last = -1

  /** Versions that are kept. */
  get size(): number {
    return this.#pairs.length
  }

  put(row: number, version: string, reference: Reference | null): void {
    const last = this.#pairs[this.#last]
    if (last === undefined || last.version !== version || last.reference !== reference) {
      this.#last = this.#find(version, reference)
    }
    this.#numbers[row] = this.#last
  }

  /** What was put into the row. */
  at(row: number): CountedVersion {
    return this.#pairs[this.#numbers[row]!]!
  }

  relay(runs: Int32Array, capacity: number): void {
    this.#numbers = relaid(this.#numbers, runs, new Int32Array(capacity))
  }

  #find(version: string, reference: Reference | null): number {
    const known = this.#numberOf.get(reference)?.get(version)
    if (known !== undefined) return known
    // However many versions a producer invents, there are no more pairs than twice the rows.
    if (this.#pairs.length >= Math.max(PAIRS_MIN, 2 * this.#numbers.length)) this.#forgetUnused()
    return this.#add({ version, reference })
  }

  #add(pair: CountedVersion): number {
    const number = this.#pairs.push(pair) - 1
    const numbers = this.#numberOf.get(pair.reference) ?? new Map<string, number>()
    this.#numberOf.set(pair.reference, numbers.set(pair.version, number))
    return number
  }

  #forgetUnused(): void {
    const pairs = this.#pairs
    const renumbered = new Int32Array(pairs.length).fill(-1)
    this.#pairs = []
    this.#numberOf.clear()
    for (let row = 0; row < this.#numbers.length; row++) {
      const number = this.#numbers[row]!
      if (renumbered[number] === -1) renumbered[number] = this.#add(pairs[number]!)
      this.#numbers[row] = renumbered[number]!
    }
  }
}
