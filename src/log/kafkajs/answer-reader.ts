import type { AnswerMemory } from './answer-memory.ts'

/** Before each answer stands how long it is. */
const SIZE_BYTES = 4
/** No broker sends more at once; whoever does is none, and gets no memory for it. */
const ANSWER_BYTES_MAX = 256 * 2 ** 20

/**
 * Puts a connection's bytes together to whole answers, each in one buffer with its length before it, and no
 * other in that buffer until it is given back.
 *
 * Without it every piece that a socket reads, 64 KiB and less, is a buffer, and they are joined to another
 * when the last is there: twice the memory, which lies outside the engine's heap, and is what its garbage
 * collector marks the whole heap for every 64 MB.
 */
export class AnswerReader {
  readonly #memory: AnswerMemory
  readonly #onAnswer: (bytes: Buffer) => void
  readonly #size = Buffer.alloc(SIZE_BYTES)
  #sizeBytes = 0
  #answer: Buffer | null = null
  #filled = 0
  /** What comes is no answer of a broker: handed on as it comes, for the client to judge. */
  #isForeign = false

  constructor(memory: AnswerMemory, onAnswer: (bytes: Buffer) => void) {
    this.#memory = memory
    this.#onAnswer = onAnswer
  }

  /** Takes what was read; the buffer may be written over after. */
  take(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#isForeign) {
        this.#onAnswer(Buffer.from(bytes.subarray(at)))
        return
      }
      at = this.#answer === null ? this.#readSize(bytes, at) : this.#fill(this.#answer, bytes, at)
    }
  }

  #readSize(bytes: Uint8Array, start: number): number {
    let at = start
    while (this.#sizeBytes < SIZE_BYTES && at < bytes.length) this.#size[this.#sizeBytes++] = bytes[at++]!
    if (this.#sizeBytes < SIZE_BYTES) return at
    this.#sizeBytes = 0
    const length = this.#size.readInt32BE()
    if (length <= 0 || length > ANSWER_BYTES_MAX) {
      this.#isForeign = true
      this.#onAnswer(Buffer.from(this.#size))
      return at
    }
    this.#answer = this.#memory.take(SIZE_BYTES + length)
    this.#answer.set(this.#size)
    this.#filled = SIZE_BYTES
    return at
  }

  #fill(answer: Buffer, bytes: Uint8Array, start: number): number {
    const count = Math.min(answer.length - this.#filled, bytes.length - start)
    answer.set(bytes.subarray(start, start + count), this.#filled)
    this.#filled += count
    if (this.#filled === answer.length) {
      this.#answer = null
      this.#onAnswer(answer)
    }
    return start + count
  }
}
