import { categoryShift } from './stories/category-shift.ts'
import { meanShift } from './stories/mean-shift.ts'
import { remembering } from './stories/remembering.ts'
import { scaleChange } from './stories/scale-change.ts'
import { shapeChange } from './stories/shape-change.ts'
import { slowRise } from './stories/slow-rise.ts'
import { tenFeatures } from './stories/ten-features.ts'
import type { FeatureStory } from './story.ts'

/** Streams on which delays are scored. A new one is a file with a `FeatureStory` and a line here. */
export const STORIES: readonly FeatureStory[] = [
  meanShift(0.25),
  meanShift(1),
  scaleChange(1.3),
  scaleChange(0.7),
  shapeChange('skew'),
  shapeChange('heavy tails'),
  shapeChange('two humps'),
  categoryShift(0.1),
  slowRise(4000),
  tenFeatures('one of ten, mean up by 0.5 sd', { moving: 1, mean: 0.5, sd: 1 }),
  tenFeatures('one of ten, spread 1.5 times', { moving: 1, mean: 0, sd: 1.5 }),
  tenFeatures('all of ten, mean up by 0.25 sd', { moving: 10, mean: 0.25, sd: 1 }),
  remembering('AR(1), mean up by 0.5 sd', { tunedOn: 'dependent', mean: 0.5, sd: 1 }),
  remembering('AR(1), spread 1.5 times', { tunedOn: 'dependent', mean: 0, sd: 1.5 }),
  remembering('AR(1), mean up by 0.5 sd, tuned without', { tunedOn: 'one', mean: 0.5, sd: 1 }),
]
