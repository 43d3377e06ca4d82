import type { Random } from '../../../src/statistics/random.ts'

/** One example: numbers (categories as their codes) and the number of its class. */
export interface Row {
  readonly x: Float64Array
  readonly y: number
}

/** What the world is like: it draws one example after the other. */
export type Concept = (random: Random) => Row

/** A world in which a share of the examples follows another concept. */
export function mixed(before: Concept, after: Concept, share: number): Concept {
  return (random) => (random() < share ? after(random) : before(random))
}

/** The same with labels of two classes that are wrong with a probability. */
export function withLabelNoise(concept: Concept, noise: number): Concept {
  return (random) => {
    const { x, y } = concept(random)
    return { x, y: random() < noise ? 1 - y : y }
  }
}
