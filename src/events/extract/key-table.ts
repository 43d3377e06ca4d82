import { hashBytes, tailMask } from './byte-hash.ts'
import { grown } from './grown.ts'

/** Slots of a table: four times the features one event may have, a megabyte and a half when full. */
const SLOTS_MAX = 8192
/** Four places a slot: even in a full table hardly two keys want the same. */
const PLACES = 4 * SLOTS_MAX
/** Looks at so many places before a key counts as unknown: no choice of names makes the table slow. */
const PROBES_MAX = 16
/** A name of more bytes, quotes included, is not learned. */
const NAME_WORDS = 32
const NAME_BYTES_MAX = 4 * NAME_WORDS

/** No slot: what no key and no object has. */
export const NO_SLOT = 0
/** A slot that no key has either: for what is read and dropped. */
export const DROPPED_SLOT = 1
const FIRST_SLOT = 2

/**
 * The keys of some objects. Every key of every object has a slot, and so has the opening of every object;
 * columns of values go by slot.
 */
export class KeyTable {
  /** Moves when slots are given new meanings. */
  epoch = 0
  #size = FIRST_SLOT
  #objects = new Int32Array(FIRST_SLOT)
  #hashes = new Int32Array(FIRST_SLOT)
  #lengths = new Int32Array(FIRST_SLOT)
  #names = new Int32Array(FIRST_SLOT * NAME_WORDS)
  readonly #places = new Int32Array(PLACES)
  #fixed = FIRST_SLOT
  readonly #spelling = Buffer.alloc(NAME_BYTES_MAX)
  readonly #spellingView = new DataView(this.#spelling.buffer, this.#spelling.byteOffset, NAME_BYTES_MAX)

  /** What `size` can grow to. */
  readonly capacity = SLOTS_MAX

  /** One above the largest slot. */
  get size(): number {
    return this.#size
  }

  /** The slot of the opening of another object. */
  addObject(): number {
    return this.#addSlot(NO_SLOT, 0)
  }

  /**
   * The slot of a key of an object, a new one where it had none. NO_SLOT where the table is full, the name
   * too long, or JSON writes it with escapes.
   */
  addKey(object: number, name: string): number {
    const length = this.#spell(name)
    const known = length === 0 ? NO_SLOT : this.find(this.#spellingView, 0, length, object)
    if (length === 0 || known !== NO_SLOT || this.#size === SLOTS_MAX) return known
    const hash = hashBytes(this.#spellingView, 0, length, object)
    const place = this.#freePlace(hash)
    if (place === null) return NO_SLOT
    const slot = this.#addSlot(object, hash)
    this.#places[place] = slot
    this.#lengths[slot] = length
    for (let at = 0; at < length; at += 4) {
      this.#names[slot * NAME_WORDS + at / 4] = this.#spellingView.getInt32(at, true)
    }
    this.epoch++
    return slot
  }

  /** The slot of a key of an object, NO_SLOT where it has none. */
  slotOf(object: number, name: string): number {
    const length = this.#spell(name)
    return length === 0 ? NO_SLOT : this.find(this.#spellingView, 0, length, object)
  }

  /** The slot of the key of an object whose quotes stand at `start` and before `end`; NO_SLOT if unknown. */
  find(view: DataView, start: number, end: number, object: number): number {
    const hash = hashBytes(view, start, end, object)
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      const slot = this.#places[(hash + probe) & (PLACES - 1)]!
      if (slot === NO_SLOT) return NO_SLOT
      const fits = this.#objects[slot] === object && this.#lengths[slot] === end - start
      if (fits && this.#isName(slot, view, start, end)) return slot
    }
    return NO_SLOT
  }

  /** What stands now is never forgotten. */
  fix(): void {
    this.#fixed = this.#size
  }

  /** Forgets what was added since `fix`. */
  forget(): void {
    this.#size = this.#fixed
    this.#places.fill(NO_SLOT)
    for (let slot = FIRST_SLOT; slot < this.#size; slot++) {
      if (this.#objects[slot] !== NO_SLOT) this.#places[this.#freePlace(this.#hashes[slot]!)!] = slot
    }
    this.epoch++
  }

  #isName(slot: number, view: DataView, start: number, end: number): boolean {
    let word = slot * NAME_WORDS
    let at = start
    for (; at + 4 <= end; at += 4) if (view.getInt32(at, true) !== this.#names[word++]) return false
    return at === end || (view.getInt32(at, true) & tailMask(end - at)) === this.#names[word]
  }

  /** Spells a name as a record does, zeros behind it; 0 bytes where it needs escapes or too many. */
  #spell(name: string): number {
    const key = JSON.stringify(name)
    const length = Buffer.byteLength(key)
    if (key.length !== name.length + 2 || length > NAME_BYTES_MAX) return 0
    this.#spelling.fill(0)
    this.#spelling.write(key)
    return length
  }

  #addSlot(object: number, hash: number): number {
    const slot = this.#size++
    this.#objects = grown(this.#objects, this.#size)
    this.#hashes = grown(this.#hashes, this.#size)
    this.#lengths = grown(this.#lengths, this.#size)
    this.#names = grown(this.#names, this.#size * NAME_WORDS)
    this.#objects[slot] = object
    this.#hashes[slot] = hash
    return slot
  }

  #freePlace(hash: number): number | null {
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      const place = (hash + probe) & (PLACES - 1)
      if (this.#places[place] === NO_SLOT) return place
    }
    return null
  }
}
