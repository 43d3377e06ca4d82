import type { Concept } from './row.ts'

const RULES = [
  (a: number, b: number) => a < Math.sin(b),
  (a: number, b: number) => a >= Math.sin(b),
  (a: number, b: number) => a < 0.5 + 0.3 * Math.sin(3 * Math.PI * b),
  (a: number, b: number) => a >= 0.5 + 0.3 * Math.sin(3 * Math.PI * b),
] as const

/**
 * Sine concepts: two numbers from 0 to 1, positive below one of two curves (rules 0 and 2) or above it.
 * Source: Gama et al., SBIA 2004; River 0.26.1 `datasets.synth.Sine`.
 */
export function sine(rule: 0 | 1 | 2 | 3): Concept {
  return (random) => {
    const x = Float64Array.of(random(), random())
    return { x, y: RULES[rule](x[0]!, x[1]!) ? 1 : 0 }
  }
}
