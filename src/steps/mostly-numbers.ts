import { relaid, relaidList } from './relaid.ts'

/**
 * A column of values that are numbers in most streams and anything in some. Numbers take eight bytes each
 * and no object; the list of the others is made when the first of them comes. A row that was never written
 * holds `undefined`.
 */
export class MostlyNumbers<Other> {
  /** NaN where the value is among the others. */
  #numbers = new Float64Array(0)
  #others: (number | Other | undefined)[] | null = null

  put(row: number, value: number | Other): void {
    const isNumber = typeof value === 'number' && !Number.isNaN(value)
    this.#numbers[row] = isNumber ? value : Number.NaN
    if (isNumber || (value === undefined && this.#others === null)) return
    this.#others ??= new Array(this.#numbers.length)
    this.#others[row] = value
  }

  at(row: number): number | Other | undefined {
    const number = this.#numbers[row]!
    return Number.isNaN(number) ? this.#others?.[row] : number
  }

  /** As `IdColumns.relay`. */
  relay(runs: Int32Array, capacity: number): void {
    this.#numbers = relaid(this.#numbers, runs, new Float64Array(capacity).fill(Number.NaN))
    if (this.#others !== null) this.#others = relaidList(this.#others, runs, capacity)
  }
}
