import type { FeatureValue } from '../events/feature-event.ts'
import type { BlockLayout } from './block-layout.ts'

/** Events of one producer have their features in one order: what came at each place last time. */
interface SeenOrder {
  readonly names: string[]
  /** Position in the layout; -1 for an unknown name. */
  readonly positions: number[]
  readonly gathered: { values: (FeatureValue | undefined)[]; unknown: number }
}

const orders = new WeakMap<BlockLayout, SeenOrder>()

/**
 * The values of a record in the layout's order, and how many names the layout does not know. The record's
 * own names are read, no others: a feature may be called `constructor`. The result is overwritten by the
 * next call for the same layout.
 */
export function gatherValues(
  layout: BlockLayout,
  features: Readonly<Record<string, FeatureValue>>,
): Readonly<SeenOrder['gathered']> {
  const { names, positions, gathered } = orderOf(layout)
  const { values } = gathered
  let at = 0
  let known = 0
  for (const name in features) {
    if (names[at] !== name) {
      names[at] = name
      positions[at] = layout.positions.get(name) ?? -1
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
  gathered.unknown = at - known
  return gathered
}

function orderOf(layout: BlockLayout): SeenOrder {
  let order = orders.get(layout)
  if (order === undefined) {
    const values = new Array<FeatureValue | undefined>(layout.names.length).fill(undefined)
    order = { names: [], positions: [], gathered: { values, unknown: 0 } }
    orders.set(layout, order)
  }
  return order
}
