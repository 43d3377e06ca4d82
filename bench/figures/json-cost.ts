import { figureArgument, tellCost } from '../figure-process.ts'
import { countSide, drawEventBytes, NUMERIC_SHAPE, parseSide } from '../json-sides.ts'

const NANOSECONDS_PER_US = 1e3

const name = figureArgument(['driftstream', 'parse'])
const { features } = drawEventBytes(NUMERIC_SHAPE, 20_000)
const side = name === 'parse' ? parseSide(features, features.length) : countSide(features)

tellCost(name, side, 20, NANOSECONDS_PER_US)
