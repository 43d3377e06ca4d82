import { expect, it } from 'vitest'
import { aucPlacements } from '../../../src/retraining/auc-placements.ts'
import { weightedAuc } from '../../../src/retraining/weighted-auc.ts'
import { createRandom } from '../../../src/statistics/random.ts'

it('is what the area changes by when a row weighs more', () => {
  const random = createRandom('placements')
  const n = 300
  const positive = Uint8Array.from({ length: n }, () => Number(random() < 0.3))
  // A tenth apart, so that many are tied.
  const scores = Float64Array.from(positive, (each) => Math.round(10 * (0.3 * each + 0.7 * random())) / 10)
  const parts = aucPlacements(scores, positive)
  const area = weightedAuc(scores, positive)
  const all = new Uint32Array(n).fill(1_000)
  for (const row of [0, 7, 100, 299]) {
    const heavier = all.with(row, 1_001)
    // Of a mean of n parts a thousandth of one row's weight moves a thousandth of its n-th part.
    expect((area(heavier)! - area(all)!) * n * 1_000).toBeCloseTo(parts[row]!, 2)
  }
  expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(0, 9)
})

it('is nothing where a class is missing', () => {
  expect(aucPlacements(Float64Array.of(0.1, 0.9), Uint8Array.of(1, 1))).toEqual(new Float64Array(2))
  expect(aucPlacements(new Float64Array(0), new Uint8Array(0))).toEqual(new Float64Array(0))
})
