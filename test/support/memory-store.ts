import type { StoredBytes, WaitingStore } from '../../src/steps/waiting-store.ts'

/** A store of so many bytes, in memory; afterwards it knows nothing of what was released. */
export class MemoryStore implements WaitingStore {
  readonly #bytesMax: number
  /** Bytes that are kept. */
  bytes = 0
  reads = 0
  writes = 0

  constructor(bytesMax = Number.POSITIVE_INFINITY) {
    this.#bytesMax = bytesMax
  }

  write(bytes: Uint8Array): StoredBytes | null {
    if (this.bytes + bytes.length > this.#bytesMax) return null
    this.writes++
    this.bytes += bytes.length
    let kept: Uint8Array | null = bytes.slice()
    return {
      read: (at, into) => {
        if (kept === null || at + into.length > kept.length) throw new Error('read what is not there')
        this.reads++
        into.set(kept.subarray(at, at + into.length))
      },
      release: () => {
        this.bytes -= kept!.length
        kept = null
      },
    }
  }
}
