import { element, escaped } from './markup.ts'

/** A column: a heading, and how its cells stand. Cells are texts from anywhere. */
export interface TableColumn {
  readonly heading: string
  readonly kind: 'text' | 'time' | 'number'
}

/** A cell that is markup already: a swatch and a name. */
export interface Marked {
  readonly markup: string
}

export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly (string | Marked)[])[],
): string {
  const classOf = ({ kind }: TableColumn) => (kind === 'text' ? undefined : kind)
  const head = columns.map((column) =>
    element('th', { scope: 'col', class: classOf(column) }, escaped(column.heading)),
  )
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      ...cells.map((cell, at) => {
        const content = typeof cell === 'string' ? escaped(cell) : cell.markup
        return element('td', { class: classOf(columns[at]!) }, content)
      }),
    ),
  )
  return element(
    'div',
    { class: 'wide' },
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...body)),
  )
}
