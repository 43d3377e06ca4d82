import { expect, it } from 'vitest'
import { rankedFeatures } from '../../../src/detectors/feature-ranking.ts'
import { finding } from '../../../src/events/finding.ts'
import { findingLike } from '../../support/counted-samples.ts'

const of = (subject: string, pValue: number | null) =>
  findingLike({ detector: 'numeric-drift', subject, statistic: 'omnibus', pValue })

it('gives each feature the q-value of Benjamini and Hochberg, by its windows', () => {
  const strongest = [of('a', 0.001), of('b', 0.004), of('c', null), of('d', 0.05)]
  // Two windows of each: p-values 0.002, 0.008, 1 and 0.1 of four features.
  const ranked = rankedFeatures([...strongest, ...strongest], strongest)
  expect(ranked.map(({ qValue }) => qValue)).toEqual([
    expect.closeTo(0.008, 12),
    expect.closeTo(0.016, 12),
    undefined,
    expect.closeTo((0.1 * 4) / 3, 12),
  ])
  for (const one of ranked) expect(finding.safeParse(one).success).toBe(true)
})

it('leaves alone what is no feature, and features without a sign of a change', () => {
  const score = findingLike({ detector: 'score-drift', subject: 'a', statistic: 'omnibus', pValue: 1e-9 })
  expect(rankedFeatures([score, of('a', null)], [score, of('a', null)])).toEqual([score, of('a', null)])
  expect(rankedFeatures([score, of('a', 0.02)], [score, of('a', 0.02)])).toEqual([
    score,
    { ...of('a', 0.02), qValue: 0.02 },
  ])
})
