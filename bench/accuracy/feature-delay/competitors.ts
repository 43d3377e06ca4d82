import { KSWIN_DIAL } from '../delay/kswin-dial.ts'
import { classicOfEach } from './classic-of-each.ts'
import type { FeatureCompetitor } from './competitor.ts'
import { product } from './product.ts'
import { twoWindowKs } from './two-window-ks.ts'

export const FEATURE_COMPETITORS: readonly FeatureCompetitor[] = [
  product('driftstream'),
  classicOfEach('adwin', '1 / delta', 1.2, 1e6, (x) => ({ delta: 1 / x })),
  classicOfEach('page-hinkley', 'threshold', 4, 2000, (x) => ({ threshold: x })),
  {
    ...classicOfEach('kswin', KSWIN_DIAL.tuned, KSWIN_DIAL.from, KSWIN_DIAL.to, KSWIN_DIAL.options),
    settle: KSWIN_DIAL.settle,
  },
  twoWindowKs(200),
  twoWindowKs(1000),
]
