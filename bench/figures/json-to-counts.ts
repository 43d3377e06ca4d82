import { tellRatio } from '../figure-process.ts'
import { countSide, drawEventBytes, NUMERIC_SHAPE, parseSide } from '../json-sides.ts'

const { features } = drawEventBytes(NUMERIC_SHAPE, 20_000)

tellRatio(
  { name: 'driftstream', side: countSide(features) },
  { name: 'JSON.parse', side: parseSide(features, features.length) },
  20,
)
