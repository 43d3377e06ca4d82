import { tellRatio } from '../figure-process.ts'
import { drawEventBytes, MIXED_SHAPE, observeSide, parseSide } from '../json-sides.ts'

const bytes = drawEventBytes(MIXED_SHAPE, 20_000)
const { features, labels } = bytes

// Both sides are told for one prediction together with its label.
tellRatio(
  { name: 'driftstream', side: observeSide(bytes) },
  { name: 'JSON.parse', side: parseSide([...features, ...labels], features.length) },
  20,
)
