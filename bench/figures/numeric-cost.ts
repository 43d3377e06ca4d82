import { figureArgument, tellCost } from '../figure-process.ts'
import { BinarySearchPeer } from '../peers/binary-search.ts'
import { DDSketchPeer } from '../peers/ddsketch.ts'
import { TDigestPeer } from '../peers/tdigest.ts'
import { numericRows, rowSide } from '../row-counter.ts'
import { NumericSubject } from '../subjects/numeric.ts'

const name = figureArgument(['driftstream', 'tdigest', 'ddsketch', 'binary-search'])
const { samples, rows } = numericRows()
const create = {
  driftstream: () => new NumericSubject(samples),
  tdigest: () => new TDigestPeer(samples.length),
  ddsketch: () => new DDSketchPeer(samples.length),
  'binary-search': () => new BinarySearchPeer(samples),
}[name]

tellCost(name, rowSide(create(), rows), name === 'tdigest' ? 5 : 20, 1)
