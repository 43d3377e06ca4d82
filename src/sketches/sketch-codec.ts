import { readBlock, writeBlock } from './block-codec.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { CellAllowance } from './cells-codec.ts'
import { readOutcomes, writeOutcomes } from './outcome-codec.ts'
import type { PaneSketch } from './types.ts'

/** Writes one pane's counts. */
export function writePaneSketch(writer: ByteWriter, sketch: PaneSketch): void {
  writer.varint(sketch.events)
  writer.varint(sketch.unknownFeatures)
  writer.byte(sketch.block === null ? 0 : 1)
  if (sketch.block !== null) writeBlock(writer, sketch.block)
  writeOutcomes(writer, sketch.performance)
}

/** @throws DELTA_UNDECODABLE */
export function readPaneSketch(reader: ByteReader, allowance: CellAllowance): PaneSketch {
  const events = reader.varint()
  const unknownFeatures = reader.varint()
  const block = reader.flag('a block') ? readBlock(reader, allowance) : null
  return { events, unknownFeatures, block, performance: readOutcomes(reader, allowance) }
}
