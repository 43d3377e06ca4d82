/** A record's value within a buffer of many: its bytes can be had without a view being made of them first. */
export interface CopyableValue {
  readonly valueLength: number
  /** Writes the bytes to the front of a buffer that is long enough. */
  copyValue(into: Uint8Array): void
  /** A view of the bytes, made each time. */
  readonly value: Uint8Array | null
}

/** The view of a value that came either way. */
export function viewOfValue(value: Uint8Array | CopyableValue): Uint8Array | null {
  return value instanceof Uint8Array ? value : value.value
}

/** A record's value in the way that costs least. */
export function cheapestValue(record: {
  readonly copyable?: CopyableValue | null
  readonly value: Uint8Array | null
}): Uint8Array | CopyableValue | null {
  const { copyable } = record
  return copyable === undefined ? record.value : copyable
}
