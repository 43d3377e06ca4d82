import { tellRate } from '../figure-process.ts'
import { MIXED_SHAPE, observeInBatches } from '../json-sides.ts'
import { decodedEvents } from '../streams/encoding.ts'
import { drawEvents } from '../streams/events.ts'

const stream = drawEvents(MIXED_SHAPE, 20_000, 'stream')
const features = decodedEvents(stream.features)
const labels = decodedEvents(stream.labels)

tellRate(
  'driftstream',
  observeInBatches(
    features.length,
    (observer, index) => observer.addFeature(features[index]!),
    (observer, index) => observer.addLabel(labels[index]!),
  ),
  20,
)
