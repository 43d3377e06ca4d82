/** Smaller answers come from the engine as everything else does. */
const BLOCK_BYTES_MIN = 256 * 1024
/** Above what a fetch asks for; only a single batch that is larger makes a larger answer. */
const BLOCK_BYTES_MAX = 16 * 2 ** 20
/** Kept for answers to come: one that is read, one that waits, and one that is worked off. */
const SPARE_BYTES_MAX = 32 * 2 ** 20
/** Answers differ by a batch or so; rounded up, a block serves the next one too. */
const ROUNDED_BYTES = 2 ** 20

/**
 * The memory of one client's large answers, used again once somebody says that nobody reads in it any more.
 *
 * A backlog is read at hundreds of megabytes a second. As memory of its own each answer is asked of the
 * system page by page, and counts towards the limit at which the engine marks its whole heap.
 */
export class AnswerMemory {
  /** Only what was handed out here is taken back: other buffers share their memory with strangers. */
  readonly #own = new WeakSet<ArrayBufferLike>()
  #spare: ArrayBufferLike[] = []

  /** So many bytes, of whatever content. */
  take(length: number): Buffer {
    if (length < BLOCK_BYTES_MIN || length > BLOCK_BYTES_MAX) return Buffer.allocUnsafe(length)
    const at = this.#spare.findIndex(({ byteLength }) => byteLength >= length)
    const [block = this.#newBlock(length)] = at < 0 ? [] : this.#spare.splice(at, 1)
    return Buffer.from(block, 0, length)
  }

  /** Takes back the memory of an answer, whichever part of it this is. Its bytes are overwritten from now on. */
  giveBack({ buffer }: Uint8Array): void {
    if (!this.#own.has(buffer) || this.#spare.includes(buffer)) return
    this.#spare.push(buffer)
    let spareBytes = this.#spare.reduce((sum, { byteLength }) => sum + byteLength, 0)
    while (spareBytes > SPARE_BYTES_MAX) spareBytes -= this.#spare.shift()!.byteLength
  }

  #newBlock(length: number): ArrayBufferLike {
    const { buffer } = Buffer.allocUnsafeSlow(Math.ceil(length / ROUNDED_BYTES) * ROUNDED_BYTES)
    this.#own.add(buffer)
    return buffer
  }
}
