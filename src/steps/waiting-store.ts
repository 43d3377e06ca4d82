/** Bytes that lie outside memory until they are released. */
export interface StoredBytes {
  /**
   * Fills `into` with what stands from byte `at` on.
   * @throws JOIN_DISK_UNREADABLE where it cannot be read
   */
  read(at: number, into: Uint8Array): void
  /** Gives the room back; nothing is read after it. */
  release(): void
}

/** Where a join puts what it has no room for in memory. A cache: whoever loses it reads the topics again. */
export interface WaitingStore {
  /** Keeps a copy of the bytes; null where there is no room for them. */
  write(bytes: Uint8Array): StoredBytes | null
}
