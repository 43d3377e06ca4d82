import { nextUp } from './next-up.ts'

/** Whether a bin holds one single double: its edges are neighbours. */
export function isAtomBin(edges: Float64Array, bin: number): boolean {
  return bin > 0 && bin < edges.length && nextUp(edges[bin - 1]!) === edges[bin]
}
