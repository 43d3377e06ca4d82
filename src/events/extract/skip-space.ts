import { SCAN } from './scan.ts'

const { SPACE } = SCAN
const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** The first position at or after `at` that holds no JSON white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let position = at
  for (;;) {
    const byte = bytes[position]
    if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) return position
    position++
  }
}
