import type { FeatureValue } from './feature-event.ts'

/** Events of one producer have their features in one order: what came at each place last time. */
interface SeenOrder {
  /** Where each name that is asked for stands. */
  readonly places: ReadonlyMap<string, number>
  readonly names: string[]
  /** Position among the names asked for; -1 for another name. */
  readonly positions: number[]
  readonly gathered: { values: (FeatureValue | undefined)[]; others: number }
}

const orders = new WeakMap<readonly string[], SeenOrder>()

/**
 * The values of a record in the order of `wanted`, and how many other names it has. The record's own names
 * are read, no others: a feature may be called `constructor`. The result is overwritten by the next call
 * with the same array of names.
 */
export function gatherValues(
  wanted: readonly string[],
  features: Readonly<Record<string, FeatureValue>>,
): Readonly<SeenOrder['gathered']> {
  const { places, names, positions, gathered } = orderOf(wanted)
  const { values } = gathered
  let at = 0
  let known = 0
  for (const name in features) {
    if (names[at] !== name) {
      names[at] = name
      positions[at] = places.get(name) ?? -1
    }
    const position = positions[at++]!
    if (position < 0) continue
    values[position] = features[name]
    known++
  }
  if (known < values.length) {
    values.fill(undefined)
    for (let place = 0; place < at; place++) {
      if (positions[place]! >= 0) values[positions[place]!] = features[names[place]!]
    }
  }
  gathered.others = at - known
  return gathered
}

function orderOf(wanted: readonly string[]): SeenOrder {
  let order = orders.get(wanted)
  if (order === undefined) {
    const values = new Array<FeatureValue | undefined>(wanted.length).fill(undefined)
    const places = new Map(wanted.map((name, at) => [name, at]))
    order = { places, names: [], positions: [], gathered: { values, others: 0 } }
    orders.set(wanted, order)
  }
  return order
}
