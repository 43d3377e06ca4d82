import { parseArgs, stripVTControlCharacters, styleText } from 'node:util'

/** One figure of a bench or a proof, with what it was held against. */
export interface ReportLine {
  /** Names the figure for good: scripts compare it from run to run. */
  readonly id: string
  readonly measure: string
  readonly value: number
  readonly unit: string
  /** `< 0.002`, `>= 1e6`; null where nothing is asked of the figure. */
  readonly goal: string | null
  /** Null without a goal. A value that is not a number meets none. */
  readonly met: boolean | null
}

const COMPARISONS: ReadonlyMap<string, (value: number, bound: number) => boolean> = new Map([
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
  ['>', (value, bound) => value > bound],
  ['>=', (value, bound) => value >= bound],
  ['=', (value, bound) => value === bound],
])

/**
 * A figure judged by its goal: text and verdict cannot disagree, since one is read from the other.
 * Throws where the goal is not one of `<`, `<=`, `>`, `>=`, `=` and a number.
 */
export function reportLine(figure: Omit<ReportLine, 'met'>): ReportLine {
  return { ...figure, met: figure.goal === null ? null : meets(figure.value, figure.goal) }
}

function meets(value: number, goal: string): boolean {
  const [, sign = '', bound = ''] = /^([<>]=?|=) (\S+)$/.exec(goal) ?? []
  const compare = COMPARISONS.get(sign)
  if (compare === undefined || bound === '' || Number.isNaN(Number(bound))) {
    throw new Error(`expected a goal such as "< 0.002", got "${goal}"`)
  }
  return compare(value, Number(bound))
}

/** One JSON object a line, its fields in one order. A value JSON cannot hold (NaN, Infinity) is its text. */
export function formatJsonLines(lines: readonly ReportLine[]): string {
  return lines
    .map(({ id, measure, value, unit, goal, met }) => {
      const written = Number.isFinite(value) ? value : String(value)
      return `${JSON.stringify({ id, measure, value: written, unit, goal, met })}\n`
    })
    .join('')
}

const HEADER = ['id', 'measure', 'value', 'unit', 'goal', 'met']

/** A table for people, numbers to the right, with `colour` the verdicts in green and red. */
export function formatTable(lines: readonly ReportLine[], colour: boolean): string {
  const rows = [HEADER, ...lines.map((line) => cells(line, colour))]
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))))
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const padding = ' '.repeat(widths[column]! - width(cell))
          return column === 2 ? padding + cell : cell + padding
        })
        .join('  ')
        .trimEnd(),
    )
    .map((row) => `${row}\n`)
    .join('')
}

function cells({ id, measure, value, unit, goal, met }: ReportLine, colour: boolean): string[] {
  return [id, measure, formatValue(value), unit, goal ?? '', verdict(met, colour)]
}

function verdict(met: boolean | null, colour: boolean): string {
  if (met === null) return ''
  const text = met ? 'yes' : 'NO'
  return colour ? styleText(met ? 'green' : 'red', text, { validateStream: false }) : text
}

/** Four significant digits, or whole numbers with their thousands apart: a bench has no more to say. */
function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (value !== 0 && (size < 1e-4 || size >= 1e15)) return value.toExponential(3)
  const precision = size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 }
  return value.toLocaleString('en-US', precision)
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length
}

/**
 * Prints figures the way the command line asks: JSON lines with `--json`, otherwise a table. True when no
 * goal was missed; a script that proves something exits with it.
 */
export function report(
  lines: readonly ReportLine[],
  args: readonly string[] = process.argv.slice(2),
  out: { write(text: string): unknown; readonly isTTY?: boolean } = process.stdout,
): boolean {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } }, strict: false })
  const colour = out.isTTY === true && process.env.NO_COLOR === undefined
  out.write(values.json === true ? formatJsonLines(lines) : formatTable(lines, colour))
  return lines.every(({ met }) => met !== false)
}
