/** Panes that keep a row of their own; further back a row spans 2, then 4, 8 … panes. */
const FINE_ROWS = 72

/** Rows of each longer span before the next begins. */
const COARSE_ROWS = 24

/** What a run of panes counted, as bytes that their owner can read; `from` included, `to` excluded. */
export interface TrailRow {
  readonly from: number
  readonly to: number
  readonly bytes: Uint8Array
}

/**
 * What lies behind us, for dating a change that shows now: the finer the nearer, so that an old change
 * is dated to a twenty-fourth of its age at worst, and the rows grow with the logarithm of the past. Plain
 * data.
 */
export interface ChangeTrail {
  /** Panes that are remembered. */
  readonly horizonPanes: number
  /** In time order. */
  rows: TrailRow[]
  /** Panes below this number have closed. */
  end: number
}

/** Adds up the bytes of two rows, in the terms of their owner. */
export type AddRows = (a: Uint8Array, b: Uint8Array) => Uint8Array

export function createChangeTrail(horizonPanes: number, end: number): ChangeTrail {
  return { horizonPanes, rows: [], end }
}

/** Closes the pane numbered `end`; `bytes` null where it held nothing. */
export function extendTrail(trail: ChangeTrail, bytes: Uint8Array | null, add: AddRows): void {
  const pane = trail.end++
  if (bytes !== null) trail.rows.push({ from: pane, to: pane + 1, bytes })
  const oldest = trail.end - trail.horizonPanes
  const rows: TrailRow[] = []
  for (const row of trail.rows) {
    if (row.to <= oldest) continue
    const span = spanOf(row.from, trail.end)
    const from = Math.floor(row.from / span) * span
    const last = rows.at(-1)
    if (last?.from === from) rows[rows.length - 1] = { ...last, bytes: add(last.bytes, row.bytes) }
    else rows.push(row.to - row.from === span ? row : { from, to: from + span, bytes: row.bytes })
  }
  trail.rows = rows
}

/** Adds late counts of a closed pane to the row that holds it; false where it is no longer remembered. */
export function correctTrail(trail: ChangeTrail, pane: number, bytes: Uint8Array, add: AddRows): boolean {
  const span = spanOf(pane, trail.end)
  const from = Math.floor(pane / span) * span
  if (pane >= trail.end || from + span <= trail.end - trail.horizonPanes) return false
  const at = trail.rows.findLastIndex((row) => row.from <= from)
  const row = trail.rows[at]
  if (row?.from === from) trail.rows[at] = { ...row, bytes: add(row.bytes, bytes) }
  else trail.rows.splice(at + 1, 0, { from, to: from + span, bytes })
  return true
}

/**
 * Panes that the row of `pane` spans when panes up to `end` have closed: the same whether they closed one
 * by one or the pane came late. A row of a longer span is over, whole, when the shorter ones are enough.
 */
function spanOf(pane: number, end: number): number {
  let span = 1
  let enough = FINE_ROWS
  for (;;) {
    const longer = 2 * span
    if ((Math.floor(pane / longer) + 1) * longer > end - enough) return span
    span = longer
    enough += COARSE_ROWS * span
  }
}
