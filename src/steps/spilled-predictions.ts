import { DriftstreamError } from '../errors/driftstream-error.ts'
import { ByteReader } from '../sketches/byte-reader.ts'
import { ByteWriter } from '../sketches/byte-writer.ts'
import type { Reference } from '../sketches/types.ts'
import type { IdUnits } from './id-units.ts'
import { COUNTED, JOINED, type PredictionColumns, type WaitingPrediction } from './prediction-columns.ts'
import { type RowMatcher, RowTable } from './row-table.ts'
import { NO_ROW, type WaitingIds } from './waiting-ids.ts'
import type { Dropped } from './waiting-predictions.ts'
import type { StoredBytes, WaitingStore } from './waiting-store.ts'
import { readValue, writeValue } from './waiting-values.ts'

/** A row's number is its run's, and its place in there. */
const PLACE_BITS = 16
/** Rows a run can have. */
export const RUN_ROWS_MAX = 2 ** PLACE_BITS
const RUNS_MAX = 2 ** (31 - PLACE_BITS)
/** Scores of a thousand classes make rows long: a run ends with the row that passes this. */
const RUN_BYTES_MAX = 2 ** 24

/** What is kept in memory of rows that were written together. */
interface Run {
  readonly number: number
  /** How many were taken before its first. */
  readonly taken: number
  readonly stored: StoredBytes
  readonly rows: number
  /** Where each row begins, and where the last one ends; there the times follow, and then the hashes. */
  readonly starts: Uint32Array
  /** A bit a row. */
  readonly joined: Uint8Array
  readonly references: readonly (Reference | null)[]
}

/** The oldest run's columns, read when its rows are looked at to drop them. */
interface Front {
  readonly times: Float64Array
  readonly hashes: Int32Array
  /** Rows before it are gone. */
  at: number
}

/**
 * The oldest predictions of a join outside memory, in runs as they were written: nothing of a run changes,
 * whole runs are given back. In memory stand 32 bits of each id's hash, where its row lies and whether it has
 * met its label, 17 to 19 bytes in all, so that an id which is not there is known not to be without a look at
 * the disk, but for one in 2^32 a row.
 */
export class SpilledPredictions implements RowMatcher {
  size = 0
  readonly #store: WaitingStore
  readonly #table = new RowTable()
  readonly #runs = new Map<number, Run>()
  /** One for all runs: a new one for each would leave megabytes behind for a collector that is in no hurry. */
  readonly #writer = new ByteWriter()
  #nextNumber = 0
  /** Rows that ever came. */
  #taken = 0
  #front: Front | null = null
  /** The id that is looked for, and the row that was read last. */
  #asked: IdUnits | null = null
  #read = new Uint8Array(1_024)
  #readLength = 0

  constructor(store: WaitingStore) {
    this.#store = store
  }

  /** The row of an id; NO_ROW where it is not there. @throws JOIN_DISK_UNREADABLE */
  find(id: IdUnits): number {
    if (this.size === 0) return NO_ROW
    this.#asked = id
    return this.#table.find(id.hash, this)
  }

  /** Is it the row of the id that is looked for? */
  matches(row: number): boolean {
    const { stored, starts } = this.#runs.get(row >>> PLACE_BITS)!
    const place = row & (RUN_ROWS_MAX - 1)
    this.#readLength = starts[place + 1]! - starts[place]!
    if (this.#read.length < this.#readLength) this.#read = new Uint8Array(2 * this.#readLength)
    const bytes = this.#read
    stored.read(starts[place]!, bytes.subarray(0, this.#readLength))
    const { bytes: units, start, length, isWide } = this.#asked!
    if ((bytes[0]! | (bytes[1]! << 8)) !== 2 * length + (isWide ? 1 : 0)) return false
    for (let index = 0; index < length; index++) {
      if (bytes[2 + index] !== units[start + index]) return false
    }
    return true
  }

  /** Joins the row that `find` gave last and returns its prediction; null where it had met its label. */
  join(row: number): WaitingPrediction | null {
    const { joined, references } = this.#runs.get(row >>> PLACE_BITS)!
    const place = row & (RUN_ROWS_MAX - 1)
    if ((joined[place >>> 3]! & (1 << (place & 7))) !== 0) return null
    joined[place >>> 3]! |= 1 << (place & 7)
    const idBytes = 2 + ((this.#read[0]! | (this.#read[1]! << 8)) >>> 1)
    try {
      const reader = new ByteReader(this.#read.subarray(idBytes, this.#readLength))
      const at = reader.float64()
      const counted = reader.flag('counted')
      const reference = references[reader.varintUpTo(references.length - 1, 'a reference')]!
      const version = reader.text()
      const prediction = readValue(reader) as WaitingPrediction['prediction']
      const score = readValue(reader) as WaitingPrediction['score']
      return { version, at, prediction, score, reference, counted }
    } catch (error) {
      throw new DriftstreamError(
        'JOIN_DISK_UNREADABLE',
        `expected a waiting prediction as it was written, got other bytes: ${(error as Error).message}`,
      )
    }
  }

  /** How many came before the oldest in memory and not before the row: 1 for the newest. */
  ahead(row: number): number {
    return this.#taken - this.#runs.get(row >>> PLACE_BITS)!.taken - (row & (RUN_ROWS_MAX - 1))
  }

  /**
   * Moves the oldest out of memory, at most so many; how many it moved, 0 where there is no room for them.
   * None of `ids` may have been deleted but from the front.
   */
  take(ids: WaitingIds, columns: PredictionColumns, rowsMax: number): number {
    if (this.#runs.size === RUNS_MAX) return 0
    const writer = this.#writer
    writer.clear()
    const references: (Reference | null)[] = []
    const most = Math.min(rowsMax, ids.size, RUN_ROWS_MAX)
    const starts = new Uint32Array(most + 1)
    let rows = 0
    while (rows < most && writer.length < RUN_BYTES_MAX) {
      writeRow(writer, ids, columns, ids.rowAt(rows), references)
      starts[++rows] = writer.length
    }
    const times = new Float64Array(rows)
    const hashes = new Int32Array(rows)
    for (let place = 0; place < rows; place++) {
      times[place] = columns.times[ids.rowAt(place)]!
      hashes[place] = ids.hashAt(ids.rowAt(place))
    }
    writer.bytes(new Uint8Array(times.buffer))
    writer.bytes(new Uint8Array(hashes.buffer))
    const stored = this.#store.write(writer.view())
    if (stored === null) return 0

    const joined = new Uint8Array(Math.ceil(rows / 8))
    const number = this.#freeNumber()
    for (let place = 0; place < rows; place++) {
      const row = ids.first
      if ((columns.flags[row]! & JOINED) !== 0) joined[place >>> 3]! |= 1 << (place & 7)
      this.#table.add(hashes[place]!, (number << PLACE_BITS) | place)
      ids.delete(row)
    }
    ids.trim()
    const kept = rows < most ? starts.slice(0, rows + 1) : starts
    const run = { number, taken: this.#taken, stored, rows, starts: kept, joined, references }
    this.#runs.set(number, run)
    this.size += rows
    this.#taken += rows
    return rows
  }

  /** Drops from the front while it is over: how many had met no label, and how many had. */
  dropWhile(isOver: (at: number) => boolean): Dropped {
    const dropped = { alone: 0, joined: 0 }
    for (const run of this.#runs.values()) {
      this.#front ??= this.#readFront(run)
      const front = this.#front
      while (front.at < run.rows && isOver(front.times[front.at]!)) this.#dropFirst(run, front, dropped)
      if (front.at < run.rows) break
      this.#release(run)
    }
    return dropped
  }

  /** Drops the oldest run whole. */
  dropRun(): Dropped {
    const last = this.size - this.#rowsOfFirst()
    return this.dropWhile(() => this.size > last)
  }

  #rowsOfFirst(): number {
    for (const { rows } of this.#runs.values()) return rows - (this.#front?.at ?? 0)
    return 0
  }

  #dropFirst(run: Run, front: Front, dropped: Dropped): void {
    const place = front.at++
    if ((run.joined[place >>> 3]! & (1 << (place & 7))) === 0) dropped.alone++
    else dropped.joined++
    this.#table.delete(front.hashes[place]!, (run.number << PLACE_BITS) | place)
    this.size--
  }

  #readFront({ stored, rows, starts }: Run): Front {
    const times = new Float64Array(rows)
    const hashes = new Int32Array(rows)
    stored.read(starts[rows]!, new Uint8Array(times.buffer))
    stored.read(starts[rows]! + times.byteLength, new Uint8Array(hashes.buffer))
    return { times, hashes, at: 0 }
  }

  #release({ number, stored }: Run): void {
    this.#runs.delete(number)
    this.#front = null
    stored.release()
  }

  #freeNumber(): number {
    while (this.#runs.has(this.#nextNumber)) this.#nextNumber = (this.#nextNumber + 1) % RUNS_MAX
    const number = this.#nextNumber
    this.#nextNumber = (number + 1) % RUNS_MAX
    return number
  }
}

/** Two bytes of length and form, the id's units, and what is needed to book the outcome. */
function writeRow(
  writer: ByteWriter,
  ids: WaitingIds,
  columns: PredictionColumns,
  row: number,
  references: (Reference | null)[],
): void {
  const { bytes, isWide } = ids.idAt(row)
  const form = 2 * bytes.length + (isWide ? 1 : 0)
  writer.byte(form & 0xff)
  writer.byte(form >>> 8)
  writer.bytes(bytes)
  const { version, at, prediction, score, reference } = columns.at(row)
  writer.float64(at)
  writer.byte((columns.flags[row]! & COUNTED) !== 0 ? 1 : 0)
  let known = references.indexOf(reference)
  if (known === -1) known = references.push(reference) - 1
  writer.varint(known)
  writer.text(version)
  writeValue(writer, prediction)
  writeValue(writer, score)
}
