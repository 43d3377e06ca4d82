import type { Concept } from './row.ts'

const RULES = [
  (size: number, colour: number) => size === 0 && colour === 0,
  (_size: number, colour: number, shape: number) => colour === 2 || shape === 0,
  (size: number) => size === 1 || size === 2,
] as const

/**
 * STAGGER concepts: size, colour and shape, three values each, and one of three rules.
 * Source: Schlimmer and Granger 1986; River 0.26.1 `datasets.synth.STAGGER`.
 */
export function stagger(rule: 0 | 1 | 2): Concept {
  return (random) => {
    const x = Float64Array.from({ length: 3 }, () => Math.floor(3 * random()))
    return { x, y: RULES[rule](x[0]!, x[1]!, x[2]!) ? 1 : 0 }
  }
}
