import { readFileSync } from 'node:fs'
import type { Random } from '../../src/statistics/random.ts'

interface BernoulliPart {
  readonly draw: 'bernoulli'
  readonly rate: number
  readonly count: number
}

interface NormalPart {
  readonly draw: 'normal'
  readonly mean: number
  readonly sd: number
  readonly count: number
}

interface GoldenAlarms {
  readonly detector: string
  readonly options: Readonly<Record<string, number | string | boolean>>
  /** Index of every alarm. */
  readonly drifts: readonly number[]
  /** Index at which every run of warnings began. */
  readonly warnings: readonly number[]
}

interface Golden {
  readonly kswinSeed: number
  readonly streams: Readonly<Record<string, { seed: number; parts: readonly (BernoulliPart | NormalPart)[] }>>
  readonly rows: readonly (GoldenAlarms & { readonly stream: string })[]
  readonly documented: readonly (GoldenAlarms & { readonly values: string })[]
}

/** What River's detectors said, made by test/golden/classics.py. */
export const golden = JSON.parse(
  readFileSync(new URL('../golden/classics.json', import.meta.url), 'utf8'),
) as Golden

/** The generator of test/golden/classics.py, bit by bit. */
export function congruential(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return state / 4_294_967_296
  }
}

/** The values of a golden stream, as the script drew them. */
export function goldenStream(name: string): number[] {
  const { seed, parts } = golden.streams[name]!
  const random = congruential(seed)
  return parts.flatMap((part) => Array.from({ length: part.count }, () => draw(part, random)))
}

function draw(part: BernoulliPart | NormalPart, random: Random): number {
  if (part.draw === 'bernoulli') return random() < part.rate ? 1 : 0
  let total = 0
  for (let i = 0; i < 12; i++) total += random()
  return part.mean + part.sd * (total - 6)
}
