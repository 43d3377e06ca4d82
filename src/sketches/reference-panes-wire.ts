import type { ReferenceEvent } from '../events/reference-event.ts'
import type { ReferencePanes } from './reference-panes.ts'
import { decodePanes, encodePanes } from './reference-panes-codec.ts'

type WirePanes = NonNullable<ReferenceEvent['panes']>

/** The encoding written. The one before it is read, too. */
const ENCODING = 2
const ENCODING_BEFORE = 1

/** Panes as a reference event carries them. */
export function toWirePanes(panes: ReferencePanes): WirePanes {
  return {
    encoding: ENCODING,
    windowMs: panes.windowMs,
    count: panes.starts.length,
    data: Buffer.from(encodePanes(panes)).toString('base64'),
  }
}

/**
 * The panes of an event that its schema has accepted; null for an encoding of a later writer.
 * @throws DELTA_UNDECODABLE as `decodePanes`
 */
export function fromWirePanes(wire: WirePanes, names: readonly string[]): ReferencePanes | null {
  const { encoding, data, count, windowMs } = wire
  if (encoding !== ENCODING && encoding !== ENCODING_BEFORE) return null
  return decodePanes(Buffer.from(data, 'base64'), names, count, windowMs, encoding)
}
