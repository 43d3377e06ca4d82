import { seededNormal, seededUniform } from './sketch-samples.ts'

/** Distributions that break sketches of one kind or another, by name; each draws the same for a seed. */
export const NUMERIC_SHAPES: Readonly<Record<string, (seed: number) => () => number>> = {
  normal: seededNormal,
  lognormal: (seed) => {
    const normal = seededNormal(seed)
    return () => Math.exp(2 * normal())
  },
  Pareto: (seed) => {
    const uniform = seededUniform(seed)
    return () => (1 - uniform()) ** (-1 / 1.2)
  },
  '40 % atom': (seed) => {
    const [uniform, normal] = [seededUniform(seed), seededNormal(seed + 1)]
    return () => (uniform() < 0.4 ? 0 : normal())
  },
  integers: (seed) => {
    const normal = seededNormal(seed)
    return () => Math.round(30 * normal())
  },
  constant: () => () => 7,
  'far from zero': (seed) => {
    const normal = seededNormal(seed)
    return () => 1e6 + normal()
  },
  'over 600 decades': (seed) => {
    const uniform = seededUniform(seed)
    return () => 10 ** (600 * uniform() - 300)
  },
  'over 600 decades of both signs': (seed) => {
    const uniform = seededUniform(seed)
    return () => (uniform() < 0.5 ? -1 : 1) * 10 ** (600 * uniform() - 300)
  },
  'zeros and a lognormal': (seed) => {
    const [uniform, normal] = [seededUniform(seed), seededNormal(seed + 1)]
    return () => (uniform() < 0.5 ? 0 : Math.exp(normal()))
  },
  rising: () => {
    let x = 0
    return () => x++
  },
  /** Three clusters whose widths differ by twelve powers of ten. */
  adversarial: (seed) => {
    const [uniform, normal] = [seededUniform(seed), seededNormal(seed + 1)]
    return () =>
      [0, 1, 1e9][Math.floor(3 * uniform())]! + normal() * [1e-6, 1, 1e6][Math.floor(3 * uniform())]!
  },
  subnormal: (seed) => {
    const uniform = seededUniform(seed)
    return () => Math.floor(2 ** 40 * uniform()) * Number.MIN_VALUE
  },
  'to the largest double': (seed) => {
    const uniform = seededUniform(seed)
    return () => (2 * uniform() - 1) * Number.MAX_VALUE
  },
}

/** So many values of a shape. */
export function drawShape(name: string, seed: number, count: number): number[] {
  return Array.from({ length: count }, NUMERIC_SHAPES[name]!(seed))
}
