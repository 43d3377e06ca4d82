import type { ReadProgress } from '../files/byte-stream.ts'
import type { RecordProgress } from '../replay/log-source.ts'

/** A bar is redrawn, and a line written, no more often than this. */
const BAR_MS = 200
const LINE_MS = 5_000

const BAR_CHARACTERS = 24
const CLEAR_LINE = '\r\u001b[2K'
const MEBIBYTE = 2 ** 20

/** Where progress goes: standard error, or what a test puts in its place. */
export interface ProgressTarget {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** How far something has been read: in bytes of a file, or in records of topics. */
export type HowFar = ReadProgress | RecordProgress

/** Tells how a history is read: a bar that is redrawn on a terminal, a line now and then elsewhere. */
export class ReadingProgress {
  readonly #target: ProgressTarget
  readonly #now: () => number
  readonly #quiet: boolean
  #pass = ''
  #startedAt = 0
  #toldAt = 0

  constructor(target: ProgressTarget, now: () => number, quiet: boolean) {
    this.#target = target
    this.#now = now
    this.#quiet = quiet
  }

  /** `pass` is what the pass does: `cut 1/2`. */
  begin(pass: string): void {
    this.#pass = pass
    this.#startedAt = this.#now()
    this.#toldAt = this.#startedAt
  }

  /** Called for every batch; speaks when it is time. */
  tell(rows: number, read: HowFar): void {
    if (this.#quiet) return
    const now = this.#now()
    if (now - this.#toldAt < (this.#target.isTTY === true ? BAR_MS : LINE_MS)) return
    this.#toldAt = now
    const text = progressText(this.#pass, rows, read, now - this.#startedAt)
    this.#target.write(this.#target.isTTY === true ? `${CLEAR_LINE}${text}` : `${text}\n`)
  }

  /** Takes the bar off the terminal. */
  end(): void {
    if (!this.#quiet && this.#target.isTTY === true) this.#target.write(CLEAR_LINE)
  }
}

/** `cut 1/2 [#####...] 21 %  1200000 rows  45 of 210 MiB  310000 rows/s` */
function progressText(pass: string, rows: number, read: HowFar, elapsedMs: number): string {
  const [done, total] =
    'bytesTotal' in read ? [read.bytesRead, read.bytesTotal] : [read.recordsRead, read.recordsTotal]
  const share = total === 0 ? 0 : Math.min(1, done / total)
  const filled = Math.round(share * BAR_CHARACTERS)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CHARACTERS - filled)}]`
  const [doneText, totalText] = [done, total].map((count) =>
    'bytesTotal' in read ? (count / MEBIBYTE).toFixed(count < 10 * MEBIBYTE ? 1 : 0) : String(count),
  )
  const unit = 'bytesTotal' in read ? 'MiB' : 'records'
  const rate = elapsedMs === 0 ? 0 : Math.round((1_000 * rows) / elapsedMs)
  return `${pass} ${bar} ${Math.floor(100 * share)} %  ${rows} rows  ${doneText} of ${totalText} ${unit}  ${rate} rows/s`
}
