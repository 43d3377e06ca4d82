import type { ReferenceEvent } from '../events/reference-event.ts'
import type { ReferencePanes } from './reference-panes.ts'
import { decodePanes, encodePanes } from './reference-panes-codec.ts'

type WirePanes = NonNullable<ReferenceEvent['panes']>

/** The encoding written, and the only one read. */
const ENCODING = 1

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
  if (wire.encoding !== ENCODING) return null
  return decodePanes(Buffer.from(wire.data, 'base64'), names, wire.count, wire.windowMs)
}
