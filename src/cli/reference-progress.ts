import type { ReadProgress } from '../files/byte-stream.ts'

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

/** Tells how a file is read: a bar that is redrawn on a terminal, a line now and then elsewhere. */
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
  tell(rows: number, read: ReadProgress): void {
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
function progressText(pass: string, rows: number, read: ReadProgress, elapsedMs: number): string {
  const share = read.bytesTotal === 0 ? 0 : Math.min(1, read.bytesRead / read.bytesTotal)
  const filled = Math.round(share * BAR_CHARACTERS)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CHARACTERS - filled)}]`
  const [bytesRead, bytesTotal] = [read.bytesRead, read.bytesTotal].map((bytes) =>
    (bytes / MEBIBYTE).toFixed(bytes < 10 * MEBIBYTE ? 1 : 0),
  )
  const rate = elapsedMs === 0 ? 0 : Math.round((1_000 * rows) / elapsedMs)
  return `${pass} ${bar} ${Math.floor(100 * share)} %  ${rows} rows  ${bytesRead} of ${bytesTotal} MiB  ${rate} rows/s`
}
