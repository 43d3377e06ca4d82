import type { CopyableValue } from '../copyable-value.ts'

/** Longer records are parsed: they are rare, and a bound here bounds the memory of every reader. */
export const RECORD_BYTES_MAX = 65_536

/** Keys are compared whole before anyone asks whether the record is that long. */
const PADDING = 64

/**
 * The record that is being read, copied to where every record is read: views of one buffer that never
 * changes are what makes four bytes at once cheap, and texts can be cut out after the fetch is gone.
 *
 * A zero byte follows the record. JSON has no place for one, so no loop needs to ask where the end is.
 */
export class RecordBytes {
  readonly bytes: Buffer = Buffer.alloc(RECORD_BYTES_MAX + PADDING)
  readonly view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
  length = 0

  /** False, with nothing copied, where the record is longer than RECORD_BYTES_MAX. */
  load(record: Uint8Array | CopyableValue): boolean {
    const isView = record instanceof Uint8Array
    const length = isView ? record.length : record.valueLength
    if (length > RECORD_BYTES_MAX) return false
    if (isView) this.bytes.set(record)
    else record.copyValue(this.bytes)
    this.bytes[length] = 0
    this.length = length
    return true
  }
}
