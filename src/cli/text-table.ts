/** How a column is headed and on which side its cells stand: texts left, numbers right. */
export interface Column {
  readonly heading: string
  readonly align: 'left' | 'right'
  /** The last column, of sentences: cut later, since there is nothing behind it to be pushed away. */
  readonly isLong?: boolean
}

/** A cell longer than this is cut: one long category must not push the others off the screen. */
const CELL_CHARACTERS_MAX = 60
const LONG_CELL_CHARACTERS_MAX = 400

const GAP = '  '

/**
 * Rows under their headings, every column as wide as its widest cell; each line ends without spaces.
 * Names come from outside: what would move the cursor or start a line is written as its code.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ heading }) => heading), ...rows].map((row) =>
    row.map((cell, at) => printable(cell, columns[at]?.isLong ? LONG_CELL_CHARACTERS_MAX : undefined)),
  )
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length)))
  return cells.map((row) => rendered(row, columns, widths)).join('\n')
}

/** One line of text, however the name was meant: control characters as \u escapes, cut where too long. */
export function printable(text: string, charactersMax: number = CELL_CHARACTERS_MAX): string {
  const safe = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return safe.length <= charactersMax ? safe : `${safe.slice(0, charactersMax - 1)}…`
}

function rendered(row: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  const padded = columns.map(({ align }, at) => {
    const cell = row[at] ?? ''
    return align === 'left' ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)
  })
  return padded.join(GAP).trimEnd()
}
