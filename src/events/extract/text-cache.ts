import { hashBytes, tailMask } from './byte-hash.ts'
import type { RecordBytes } from './record-bytes.ts'

/** Places for texts, a power of two; memory is 32 bytes each and the texts themselves. */
const PLACES = 4096
/** Longer texts are decoded anew each time: ids more often than categories. */
const WORDS_MAX = 8
const BYTES_MAX = 4 * WORDS_MAX

/** What a decoder writes for bytes that are no UTF-8, and what an escape may write on purpose. */
const REPLACEMENT = '\uFFFD'

/**
 * From the bytes between two quotes to the string they write. Models, versions and categories come again and
 * again: a text seen before costs a comparison, not a new string. Each text has one place, where the next
 * one with the same hash puts it out, so neither memory nor time grows with what comes.
 */
export class TextCache {
  readonly #record: RecordBytes
  readonly #words = new Int32Array(PLACES * WORDS_MAX)
  readonly #lengths = new Int32Array(PLACES)
  readonly #texts: string[] = new Array(PLACES).fill('')

  constructor(record: RecordBytes) {
    this.#record = record
  }

  /**
   * The string that the record's bytes from `start` to `end` write, null where they may not be one: `plain`
   * is false where there are escapes or bytes beyond ASCII, which only a decoder can judge.
   */
  text(start: number, end: number, plain: boolean): string | null {
    const length = end - start
    if (length === 0) return ''
    if (length > BYTES_MAX) return this.decode(start, end, plain)
    const { view } = this.#record
    const place = hashBytes(view, start, end, length) & (PLACES - 1)
    if (this.#lengths[place] === length && this.#holds(view, place, start, end)) return this.#texts[place]!
    const text = this.decode(start, end, plain)
    if (text !== null) this.#put(view, place, start, end, text)
    return text
  }

  /** As `text`, for what comes once, such as ids: kept, it would put out what comes again. */
  decode(start: number, end: number, plain: boolean): string | null {
    const { bytes } = this.#record
    if (plain) return bytes.toString('latin1', start, end)
    const text = parseText(bytes.toString('utf8', start - 1, end + 1))
    return text === null || text.includes(REPLACEMENT) ? null : text
  }

  #holds(view: DataView, place: number, start: number, end: number): boolean {
    const words = this.#words
    let word = place * WORDS_MAX
    let at = start
    for (; at + 4 <= end; at += 4) if (view.getInt32(at, true) !== words[word++]) return false
    return at === end || (view.getInt32(at, true) & tailMask(end - at)) === words[word]
  }

  #put(view: DataView, place: number, start: number, end: number, text: string): void {
    let word = place * WORDS_MAX
    let at = start
    for (; at + 4 <= end; at += 4) this.#words[word++] = view.getInt32(at, true)
    if (at < end) this.#words[word] = view.getInt32(at, true) & tailMask(end - at)
    this.#lengths[place] = end - start
    this.#texts[place] = text
  }
}

function parseText(quoted: string): string | null {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return null
  }
}
