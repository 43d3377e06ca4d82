import type { FeatureEvent, FeatureValue } from '../events/feature-event.ts'

/** A longer category would make a row as large as its event; it is cut from no dictionary. */
const CATEGORY_CHARACTERS_MAX = 256

/** What of one event decides where a reference is cut: finite numbers and categories, in a fixed order. */
export interface SampledRow {
  /** Of the event's id, by `samplingRank`: the row's name, and its place in every sample. */
  readonly rank: number
  readonly values: readonly (number | string | null)[]
  /** Stands in for the label, which nobody knows yet, where classes are cut. */
  readonly prediction: string | null
}

/** Rows of one pane of one version that has no reference, as an observer task sends them. */
export interface ReferenceSample {
  readonly task: number
  readonly model: string
  readonly version: string
  /** Start of the pane, epoch ms. */
  readonly paneStart: number
  /** What `values` holds, in its order. */
  readonly features: readonly string[]
  readonly rows: readonly SampledRow[]
}

/** The row of an event, whose values are in the order of `types`; one that could not be cut from is null. */
export function sampledRow(
  rank: number,
  types: readonly ('numeric' | 'categorical')[],
  values: readonly (FeatureValue | undefined)[],
  prediction: FeatureEvent['prediction'],
): SampledRow {
  return {
    rank,
    values: types.map((type, at) => (type === 'numeric' ? finite(values[at]) : category(values[at]))),
    prediction: category(prediction),
  }
}

function finite(value: FeatureValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function category(value: FeatureValue | undefined): string | null {
  if (value === null || value === undefined) return null
  const text = String(value)
  return text.length <= CATEGORY_CHARACTERS_MAX ? text : null
}

/**
 * The rows of the `rowsMax` least ranks of all that were added. Which those are depends on the set of rows
 * alone: order, repetition and detours through other samples change nothing. Memory: twice `rowsMax`.
 */
export class RowSample {
  readonly #rowsMax: number
  #rows = new Map<number, SampledRow>()
  #below = Number.POSITIVE_INFINITY

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax
  }

  /** The sample that had these contents. */
  static of({ rowsMax, rows, below }: ReturnType<RowSample['contents']>): RowSample {
    const sample = new RowSample(rowsMax)
    sample.#rows = new Map(rows.map((row) => [row.rank, row]))
    sample.#below = below
    return sample
  }

  /** All there is to know of it, as plain data. */
  contents(): { readonly rowsMax: number; readonly rows: readonly SampledRow[]; readonly below: number } {
    return { rowsMax: this.#rowsMax, rows: [...this.#rows.values()], below: this.#below }
  }

  get size(): number {
    return this.#rows.size
  }

  /** Could a row of this rank still matter? */
  accepts(rank: number): boolean {
    return rank < this.#below && !this.#rows.has(rank)
  }

  /** Is the row of this rank among those kept? */
  holds(rank: number): boolean {
    return this.#rows.has(rank)
  }

  add(row: SampledRow): void {
    if (!this.accepts(row.rank)) return
    this.#rows.set(row.rank, row)
    if (this.#rows.size >= 2 * this.#rowsMax) this.#keep(this.rows())
  }

  addAll(other: RowSample): void {
    for (const row of other.#rows.values()) this.add(row)
  }

  /** In rising rank. */
  rows(): SampledRow[] {
    return [...this.#rows.values()].sort((a, b) => a.rank - b.rank).slice(0, this.#rowsMax)
  }

  #keep(rows: readonly SampledRow[]): void {
    this.#rows = new Map(rows.map((row) => [row.rank, row]))
    this.#below = rows.at(-1)?.rank ?? Number.POSITIVE_INFINITY
  }
}
