import { TAIL_LEVELS } from './block-shape.ts'

/** The first level ends at this share of the scale, each further one at twice that. */
const FIRST_LIMIT = 1 / 16

/** Of an almost constant feature the width says nothing; then a millionth of its size is the measure. */
const WIDTH_MIN = 2 ** -20

/** What distances beyond the outermost edges are measured in: the distance between the two. */
export function tailScale(edges: Float64Array): number {
  const [first, last] = [edges[0]!, edges.at(-1)!]
  const size = Math.max(Math.abs(first), Math.abs(last))
  return Math.min(Number.MAX_VALUE, Math.max(last - first, WIDTH_MIN * size))
}

/**
 * The level of a distance: 0 below a sixteenth of the scale, then one more at every doubling, the last from
 * 1024 times the scale on. By comparing only, so that every machine finds the same.
 */
export function tailLevel(distance: number, scale: number): number {
  let level = 0
  for (let limit = scale * FIRST_LIMIT; level < TAIL_LEVELS - 1 && distance >= limit; limit *= 2) level++
  return level
}

/** The distance at which a level begins. */
export function tailLevelStart(level: number, scale: number): number {
  return level === 0 ? 0 : scale * FIRST_LIMIT * 2 ** (level - 1)
}
