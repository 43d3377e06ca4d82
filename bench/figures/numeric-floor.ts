import { columnSide, readingSide } from '../column-sides.ts'
import { figureArgument, tellRatio } from '../figure-process.ts'
import { drawSample } from '../streams/distributions.ts'
import { GuideFloor } from '../subjects/guide-floor.ts'
import { NumericSubject } from '../subjects/numeric.ts'

const compared = figureArgument(['over-reading', 'under-add'])
const values = drawSample('normal', 1_000_000, 'stream')
const sample = drawSample('normal', 100_000, 'reference')
const floor = { name: 'bare loop', side: columnSide(new GuideFloor(sample), values) }

if (compared === 'over-reading') tellRatio(floor, { name: 'read', side: readingSide(values) }, 30)
else tellRatio({ name: 'driftstream', side: columnSide(new NumericSubject([sample]), values) }, floor, 30)
