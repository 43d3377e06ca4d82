/**
 * What the readers of bytes compare with, and what they answer instead of a position when they are not sure.
 *
 * In one object, for a reason: a file that takes these into constants of its own,
 * `const { QUOTE, DOUBT } = SCAN`, has them compiled into its code. A constant imported by name is loaded
 * each time it is used, which made reading an event half as slow again.
 */
export const SCAN = {
  /** Not sure: the record goes to `JSON.parse`. */
  DOUBT: -1,
  /** Below it are only control characters. */
  SPACE: 0x20,
  QUOTE: 0x22,
  PLUS: 0x2b,
  COMMA: 0x2c,
  MINUS: 0x2d,
  POINT: 0x2e,
  ZERO: 0x30,
  /** Of the bytes a value begins with only letters, brackets and braces are above it. */
  NINE: 0x39,
  COLON: 0x3a,
  OPEN_BRACKET: 0x5b,
  BACKSLASH: 0x5c,
  CLOSE_BRACKET: 0x5d,
  LOWER_E: 0x65,
  OPEN_BRACE: 0x7b,
  CLOSE_BRACE: 0x7d,
  /** With this bit a letter is lower case. */
  LOWER_CASE: 0x20,
} as const
