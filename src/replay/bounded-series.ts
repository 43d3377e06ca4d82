/** One stretch of a series, epoch ms. */
export interface Stretch<Value> {
  readonly fromMs: number
  readonly toMs: number
  readonly value: Value
}

/**
 * A series of any length in few stretches: they are aligned and all of one width, which doubles, two becoming
 * one, as often as there are too many. The same values give the same stretches in any order.
 */
export class BoundedSeries<Value> {
  readonly #stretchesMax: number
  readonly #join: (a: Value, b: Value) => Value
  #widthMs: number
  #stretches = new Map<number, Value>()

  /** `join` makes one value of two, and may write into the first. */
  constructor(widthMs: number, stretchesMax: number, join: (a: Value, b: Value) => Value) {
    this.#widthMs = widthMs
    this.#stretchesMax = stretchesMax
    this.#join = join
  }

  /** Takes a value of event time `at`, epoch ms. */
  add(at: number, value: Value): void {
    this.#put(Math.floor(at / this.#widthMs), value)
    while (this.#stretches.size > this.#stretchesMax) this.#double()
  }

  /** In time order. */
  stretches(): Stretch<Value>[] {
    const widthMs = this.#widthMs
    return [...this.#stretches]
      .sort(([a], [b]) => a - b)
      .map(([index, value]) => ({ fromMs: index * widthMs, toMs: (index + 1) * widthMs, value }))
  }

  #put(index: number, value: Value): void {
    const known = this.#stretches.get(index)
    this.#stretches.set(index, known === undefined ? value : this.#join(known, value))
  }

  #double(): void {
    const before = [...this.#stretches].sort(([a], [b]) => a - b)
    this.#widthMs *= 2
    this.#stretches = new Map()
    for (const [index, value] of before) this.#put(Math.floor(index / 2), value)
  }
}
