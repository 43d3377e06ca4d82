import { DROPPED_SLOT } from './key-table.ts'
import type { ScalarReader } from './scalar-reader.ts'
import { SCAN } from './scan.ts'
import { skipSpace } from './skip-space.ts'

const { DOUBT, QUOTE, COMMA, COLON, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET } = SCAN

/** Deeper values are left to `JSON.parse`, which does not recurse. */
const DEPTH_MAX = 32

/**
 * The end of the JSON value at `at`, whatever it is; DOUBT where it may be none. What it says is dropped, so
 * its keys may be escaped or stand twice.
 */
export function skipValue(scalars: ScalarReader, at: number, depth = 0): number {
  const { bytes } = scalars.record
  const open = bytes[at]
  if (open !== OPEN_BRACE && open !== OPEN_BRACKET) return scalars.read(at, DROPPED_SLOT)
  if (depth === DEPTH_MAX) return DOUBT
  const close = open === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET
  let position = skipSpace(bytes, at + 1)
  if (bytes[position] === close) return position + 1
  for (;;) {
    if (open === OPEN_BRACE) {
      if (bytes[position] !== QUOTE) return DOUBT
      position = scalars.read(position, DROPPED_SLOT)
      if (position === DOUBT) return DOUBT
      position = skipSpace(bytes, position)
      if (bytes[position] !== COLON) return DOUBT
      position = skipSpace(bytes, position + 1)
    }
    position = skipValue(scalars, position, depth + 1)
    if (position === DOUBT) return DOUBT
    position = skipSpace(bytes, position)
    if (bytes[position] === close) return position + 1
    if (bytes[position] !== COMMA) return DOUBT
    position = skipSpace(bytes, position + 1)
  }
}
