import { randomUUID } from 'node:crypto'
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { StoredBytes, WaitingStore } from '../steps/waiting-store.ts'
import type { DiskRoom } from './disk-room.ts'

/**
 * A scratch file of one task. It has no name once it is open, so it is gone with the process however that ends,
 * and nobody else can open it; there is none before the first write.
 *
 * Bytes lie in one piece, in the first gap that is large enough; what is free at the end is given back.
 */
export class WaitingFile implements WaitingStore {
  readonly #directory: string
  readonly #room: DiskRoom
  #descriptor: number | null = null
  /** Bytes the file has. */
  #length = 0
  /** Gaps before that, in order, none beside another. */
  #gaps: { from: number; to: number }[] = []

  constructor(directory: string, room: DiskRoom) {
    this.#directory = directory
    this.#room = room
  }

  /** Of the file, gaps included. */
  get bytes(): number {
    return this.#length
  }

  /** Null, too, where the disk refuses: `DiskRoom` tells of it. */
  write(bytes: Uint8Array): StoredBytes | null {
    const from = this.#allot(bytes.length)
    if (from === null) return null
    try {
      this.#descriptor ??= this.#open()
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, from + done)
      }
    } catch (error) {
      this.#free(from, from + bytes.length)
      this.#room.refused(error)
      return null
    }
    this.#room.accepted()
    return {
      read: (at, into) => this.#read(from + at, into),
      release: () => this.#free(from, from + bytes.length),
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
    this.#room.resize(this.#length, 0)
    this.#length = 0
    this.#gaps = []
  }

  #open(): number {
    mkdirSync(this.#directory, { recursive: true })
    const path = join(this.#directory, `driftstream-join-${process.pid}-${randomUUID()}`)
    const descriptor = openSync(path, 'wx+', 0o600)
    try {
      unlinkSync(path)
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
    return descriptor
  }

  #read(from: number, into: Uint8Array): void {
    let done = 0
    try {
      while (done < into.length) {
        const read = readSync(this.#descriptor!, into, done, into.length - done, from + done)
        if (read === 0) break
        done += read
      }
    } catch (error) {
      throw unreadable(`expected ${into.length} bytes, got ${(error as Error).message}`, from)
    }
    if (done < into.length) throw unreadable(`expected ${into.length} bytes, got ${done}`, from)
  }

  #allot(length: number): number | null {
    const gap = this.#gaps.find(({ from, to }) => to - from >= length)
    if (gap !== undefined) {
      gap.from += length
      if (gap.from === gap.to) this.#gaps.splice(this.#gaps.indexOf(gap), 1)
      return gap.from - length
    }
    if (!this.#room.resize(this.#length, this.#length + length)) return null
    this.#length += length
    return this.#length - length
  }

  #free(from: number, to: number): void {
    const at = this.#gaps.findIndex((gap) => gap.from > from)
    this.#gaps.splice(at === -1 ? this.#gaps.length : at, 0, { from, to })
    const joined: { from: number; to: number }[] = []
    for (const gap of this.#gaps) {
      const before = joined.at(-1)
      if (before?.to === gap.from) before.to = gap.to
      else joined.push(gap)
    }
    const last = joined.at(-1)!
    if (last.to === this.#length) {
      joined.pop()
      this.#room.resize(this.#length, last.from)
      this.#length = last.from
      if (this.#descriptor !== null) this.#truncate(this.#descriptor)
    }
    this.#gaps = joined
  }

  #truncate(descriptor: number): void {
    try {
      ftruncateSync(descriptor, this.#length)
    } catch (error) {
      this.#room.refused(error)
    }
  }
}

function unreadable(message: string, byte: number): DriftstreamError {
  return new DriftstreamError('JOIN_DISK_UNREADABLE', `${message} at byte ${byte} of a scratch file`, {
    byte,
  })
}
