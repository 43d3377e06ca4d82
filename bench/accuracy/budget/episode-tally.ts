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
    any: models.filter((episodes) => episodes.length > 0).length / models.length,
    byTest: [...byTest].sort((a, b) => b[1] - a[1]),
  }
}

export function describeTally({ mean, lower, upper, any, byTest }: EpisodeTally): string[] {
  return [
    mean.toFixed(2),
    `${lower.toFixed(2)} to ${upper.toFixed(2)}`,
    any.toFixed(2),
    byTest.map(([test, count]) => `${test} ${count}`).join(', ') || '–',
  ]
}

export const TALLY_HEADER = ['episodes a model', '95 % interval', 'models with any', 'shown by']
