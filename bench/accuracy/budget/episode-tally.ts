import { poissonInterval } from './poisson-interval.ts'
import type { BegunEpisode } from './watched-stream.ts'

/** False episodes of some models, each watched over one budget period. */
export interface EpisodeTally {
  readonly models: number
  readonly episodes: number
  /** A model's mean, and where it lies in 95 of 100 cases. */
  readonly mean: number
  readonly lower: number
  readonly upper: number
  /** Share of the models with any. */
  readonly any: number
  /** Episodes of the median model, of the ones at 90 and 99 %, and of the worst. */
  readonly quantiles: readonly number[]
  /** Episodes by the test that showed them, most frequent first. */
  readonly byTest: readonly (readonly [test: string, count: number])[]
}

export function tallyEpisodes(models: readonly (readonly BegunEpisode[])[]): EpisodeTally {
  const all = models.flat()
  const { lower, upper } = poissonInterval(all.length)
  const byTest = new Map<string, number>()
  for (const { detector, statistic } of all) {
    const test = `${detector} ${statistic}`
    byTest.set(test, (byTest.get(test) ?? 0) + 1)
  }
  return {
    models: models.length,
    episodes: all.length,
    mean: all.length / models.length,
    lower: lower / models.length,
    upper: upper / models.length,
    quantiles: quantilesOf(models.map((episodes) => episodes.length)),
    any: models.filter((episodes) => episodes.length > 0).length / models.length,
    byTest: [...byTest].sort((a, b) => b[1] - a[1]),
  }
}

const QUANTILES = [0.5, 0.9, 0.99, 1]

/** Each the least count that so great a share of the models does not exceed. */
function quantilesOf(counts: readonly number[]): number[] {
  const sorted = counts.toSorted((a, b) => a - b)
  return QUANTILES.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0)
}

export function describeTally({ mean, lower, upper, any, quantiles, byTest }: EpisodeTally): string[] {
  return [
    mean.toFixed(2),
    `${lower.toFixed(2)} to ${upper.toFixed(2)}`,
    any.toFixed(2),
    quantiles.join(', '),
    byTest.map(([test, count]) => `${test} ${count}`).join(', ') || '–',
  ]
}

export const TALLY_HEADER = [
  'episodes a model',
  '95 % interval',
  'models with any',
  '50, 90, 99 %, most',
  'shown by',
]
