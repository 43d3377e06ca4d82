import { tellRatio } from '../figure-process.ts'
import { TDigestPeer } from '../peers/tdigest.ts'
import { numericRows, rowSide } from '../row-counter.ts'
import { NumericSubject } from '../subjects/numeric.ts'

const { samples, rows } = numericRows()

tellRatio(
  { name: 'tdigest', side: rowSide(new TDigestPeer(samples.length), rows) },
  { name: 'driftstream', side: rowSide(new NumericSubject(samples), rows) },
  8,
)
