import { expect, it } from 'vitest'
import { rankFeatures } from '../../../src/detectors/feature-ranking.ts'
import { finding } from '../../../src/events/finding.ts'
import { acat } from '../../../src/statistics/acat.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { findingLike } from '../../support/counted-samples.ts'

const of = (subject: string, pValue: number | null) =>
  findingLike({ detector: 'numeric-drift', subject, statistic: 'omnibus', pValue })

it('gives each feature the q-value of Benjamini and Hochberg and the p-value of Holm, by its windows', () => {
  const strongest = [of('a', 0.001), of('b', 0.004), of('c', null), of('d', 0.05)]
  // Two windows of each: p-values 0.002, 0.008, 1 and 0.1 of four features.
  const { findings, featuresPValue } = rankFeatures([...strongest, ...strongest], strongest)
  expect(findings.map(({ qValue }) => qValue)).toEqual([
    expect.closeTo(0.008, 12),
    expect.closeTo(0.016, 12),
    undefined,
    expect.closeTo((0.1 * 4) / 3, 12),
  ])
  expect(findings.map(({ adjustedPValue }) => adjustedPValue)).toEqual([
    expect.closeTo(0.008, 12),
    expect.closeTo(0.024, 12),
    undefined,
    expect.closeTo(0.2, 12),
  ])
  expect(featuresPValue).toBeCloseTo(acat([0.002, 0.008, 1, 0.1]), 12)
  for (const one of findings) expect(finding.safeParse(one).success).toBe(true)
})

it('leaves alone what is no feature, and features without a sign of a change', () => {
  const score = findingLike({ detector: 'score-drift', subject: 'a', statistic: 'omnibus', pValue: 1e-9 })
  expect(rankFeatures([score], [score])).toEqual({ findings: [score], featuresPValue: null })
  expect(rankFeatures([score, of('a', null)], [score, of('a', null)])).toEqual({
    findings: [score, of('a', null)],
    featuresPValue: 1,
  })
  const { findings, featuresPValue } = rankFeatures([score, of('a', 0.02)], [score, of('a', 0.02)])
  expect(findings).toEqual([score, { ...of('a', 0.02), qValue: 0.02, adjustedPValue: 0.02 }])
  expect(featuresPValue).toBeCloseTo(0.02, 12)
})

it('names a feature at all, and any feature, no oftener than it says where nothing moved', () => {
  const random = createRandom('ranked features')
  const [looks, level] = [20_000, 0.05]
  let named = 0
  let together = 0
  for (let look = 0; look < looks; look++) {
    // Only p-values up to 0.1 are told.
    const features = Array.from({ length: 10 }, (_, at) => {
      const pValue = random()
      return of(`${at}`, pValue <= 0.1 ? pValue : null)
    })
    const { findings, featuresPValue } = rankFeatures(features, features)
    if (findings.some(({ adjustedPValue = 1 }) => adjustedPValue <= level)) named++
    if (featuresPValue! <= level) together++
  }
  const most = level + 4 * Math.sqrt((level * (1 - level)) / looks)
  expect(named / looks).toBeLessThan(most)
  expect(named / looks).toBeGreaterThan(0.04)
  expect(together / looks).toBeLessThan(most)
  expect(together / looks).toBeGreaterThan(0.01)
})
