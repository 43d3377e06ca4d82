import { classicOfEach } from './classic-of-each.ts'
import type { FeatureCompetitor } from './competitor.ts'
import { product } from './product.ts'
import { twoWindowKs } from './two-window-ks.ts'

export const FEATURE_COMPETITORS: readonly FeatureCompetitor[] = [
  product('driftstream'),
  classicOfEach('adwin', '1 / delta', 1.2, 1e15, (x) => ({ delta: 1 / x })),
  classicOfEach('page-hinkley', 'threshold', 2, 2000, (x) => ({ threshold: x })),
  classicOfEach('kswin', '1 / alpha', 10, 1e12, (x) => ({ alpha: 1 / x })),
  twoWindowKs(200),
  twoWindowKs(1000),
]
