import { columnSide, readingSide } from '../column-sides.ts'
import { figureArgument, tellRatio } from '../figure-process.ts'
import { DISTRIBUTIONS, drawSample } from '../streams/distributions.ts'
import { NumericSubject } from '../subjects/numeric.ts'

const distribution = figureArgument(DISTRIBUTIONS)
const values = drawSample(distribution, 1_000_000, 'stream')
const subject = new NumericSubject([drawSample(distribution, 100_000, 'reference')])

tellRatio(
  { name: 'driftstream', side: columnSide(subject, values) },
  { name: 'read', side: readingSide(values) },
  30,
)
