/** A stretch of bytes in a buffer that holds more: `start` included, `end` excluded. */
export interface ByteRange {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}
