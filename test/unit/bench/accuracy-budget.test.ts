import { describe, expect, it } from 'vitest'
import { correlatedRows, featureNames, marginalOf } from '../../../bench/accuracy/budget/correlated-rows.ts'
import { describeTally, tallyEpisodes } from '../../../bench/accuracy/budget/episode-tally.ts'
import { poissonInterval } from '../../../bench/accuracy/budget/poisson-interval.ts'
import { NO_GATES, watchedModel, watchedReference } from '../../../bench/accuracy/budget/watched-model.ts'
import { type BegunEpisode, watchStream } from '../../../bench/accuracy/budget/watched-stream.ts'
import { DETECTION_DEFAULTS } from '../../../src/detectors/options.ts'
import { verdictOf } from '../../../src/detectors/verdict.ts'
import { createRandom } from '../../../src/statistics/random.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2027, 0, 1)
const FEATURES = 5

describe('correlatedRows', () => {
  it('correlates features and the score, and labels follow the score', () => {
    const next = correlatedRows(createRandom('rows'), FEATURES, 0.5)
    const rows = Array.from({ length: 20_000 }, () => {
      const { values, score, label } = next()
      return { x: Number(values[0]), integer: Math.round(Number(values[3])), score, label }
    })
    const mean = (of: (row: (typeof rows)[number]) => number): number =>
      rows.reduce((sum, row) => sum + of(row), 0) / rows.length
    expect(mean(({ x, integer }) => (x * (integer - 50)) / 10)).toBeCloseTo(0.5, 1)
    expect(mean(({ x, score }) => x * Math.log(score / (1 - score)))).toBeCloseTo(0.5, 1)
    expect(mean(({ label, score }) => label - score)).toBeCloseTo(0, 1)
    expect(featureNames(3)).toEqual(['x0', 'x1', 'x2'])
    expect(marginalOf(5)).toBe(0)
  })
})

/** A model of five features whose world changes at a pane, or never. */
function episodesOf(panes: number, changeAt: number, detection = NO_GATES): BegunEpisode[] {
  const names = featureNames(FEATURES)
  const types = new Map(
    names.map((name, at) => [name, marginalOf(at) === 4 ? 'categorical' : 'numeric'] as const),
  )
  const model = watchedModel({
    features: types,
    windows: {
      qualityMs: HOUR_MS,
      dataMs: HOUR_MS,
      performanceMs: HOUR_MS,
      longestMs: 4 * HOUR_MS,
      labelDelayMs: 0,
    },
    falseRetrains: 1,
    perMs: 1000 * HOUR_MS,
    detection,
  })
  const reference = watchedReference(model, {
    createdAt: START_MS,
    rows: function* () {
      const next = correlatedRows(createRandom('reference'), FEATURES, 0.5)
      for (let row = 0; row < 5000; row++) {
        const { values, ...outcome } = next()
        yield {
          features: Object.fromEntries(names.map((name, at) => [name, values[at]!])),
          ...outcome,
        }
      }
    },
  })
  const next = correlatedRows(createRandom('stream'), FEATURES, 0.5)
  return watchStream(model, reference, HOUR_MS, panes, START_MS, function* (pane) {
    for (let row = 0; row < 500; row++) {
      const drawn = next()
      if (pane >= changeAt) drawn.values[0] = Number(drawn.values[0]) + 1
      yield drawn
    }
  })
}

describe('NO_GATES', () => {
  it('leave the p-value alone to decide', () => {
    const verdictAt = (pValue: number) =>
      verdictOf(
        { n: 500, m: 10_000, pValue, effect: 0.01, effectLower: 0, threshold: NO_GATES.psiDrift },
        { ...NO_GATES, alpha: 1e-6 },
      )
    expect([verdictAt(9e-7), verdictAt(2e-6)]).toEqual(['drifted', 'stable'])
  })
})

describe('watchStream', () => {
  it('tells the episode of a change, with the test that showed it', () => {
    const [first, ...rest] = episodesOf(10, 5)
    expect(first).toMatchObject({
      pane: 5,
      concern: 'data',
      diagnosis: 'watch',
      detector: 'numeric-drift',
      subject: 'x0',
      statistic: 'omnibus',
    })
    expect(first!.pValue).toBeLessThan(first!.alpha!)
    expect(rest).toEqual([])
  })

  it('tells none of a world that stays, with the gates of production', () => {
    expect(episodesOf(12, Number.POSITIVE_INFINITY, DETECTION_DEFAULTS)).toEqual([])
  })
})

describe('tallyEpisodes', () => {
  const episode = (statistic: string): BegunEpisode => ({
    pane: 0,
    concern: 'data',
    diagnosis: 'watch',
    detector: 'numeric-drift',
    subject: 'x0',
    statistic,
    pValue: 0,
    alpha: 0,
    null: null,
    windowPanes: 1,
  })

  it('counts by model and by test', () => {
    const tally = tallyEpisodes([[], [episode('omnibus'), episode('omnibus')], [episode('unit-factor')], []])
    expect(tally).toMatchObject({ models: 4, episodes: 3, mean: 0.75, any: 0.5, quantiles: [0, 2, 2, 2] })
    expect(describeTally(tally)).toEqual([
      '0.75',
      '0.15 to 2.19',
      '0.50',
      '0, 2, 2, 2',
      'numeric-drift omnibus 2, numeric-drift unit-factor 1',
    ])
  })

  // Tables of Garwood's interval: none gives 3.689, ten give 4.795 to 18.390.
  it('bounds a Poisson mean', () => {
    expect(poissonInterval(0)).toEqual({ lower: 0, upper: expect.closeTo(3.6889, 4) })
    expect(poissonInterval(10)).toEqual({
      lower: expect.closeTo(4.7954, 4),
      upper: expect.closeTo(18.3904, 4),
    })
  })
})
