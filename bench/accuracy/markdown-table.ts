/** A table in Markdown, its columns as wide as they need to be. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`
  return line(header) + line(widths.map((width) => '-'.repeat(width))) + rows.map(line).join('')
}
