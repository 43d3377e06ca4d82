import { ByteReader } from '../sketches/byte-reader.ts'
import { ByteWriter } from '../sketches/byte-writer.ts'
import { type BlockDescription, descriptionOf } from '../sketches/feature-block.ts'
import { readPaneSketch, writePaneSketch } from '../sketches/sketch-codec.ts'
import type { PaneSketch } from '../sketches/types.ts'

/** A pane that is kept only to be taken out of a sum again: a tenth of its counts' size, or less. */
export interface PackedPane {
  readonly bytes: Uint8Array
  /** What cannot be taken out of a sum, kept at hand; null where no features were counted. */
  readonly described: BlockDescription | null
}

/** A copy that shares nothing with the sketch. */
export function packPane(sketch: PaneSketch): PackedPane {
  const writer = new ByteWriter()
  writePaneSketch(writer, sketch)
  const { block } = sketch
  return { bytes: writer.finish(), described: block === null ? null : descriptionOf(block) }
}

/** The sketch that was packed. */
export function unpackPane({ bytes }: PackedPane): PaneSketch {
  // Our own bytes: what they hold was allocated before.
  return readPaneSketch(new ByteReader(bytes), { left: Number.POSITIVE_INFINITY })
}
