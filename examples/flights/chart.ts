import { formatMetric, noPaint, type Paint } from './paint.ts'
import type { WeekScore } from './scoreboard.ts'

/** What stands under a week: a real or planted change began, or a new version took over. */
export interface ChartMark {
  readonly week: number
  readonly kind: 'real' | 'planted' | 'promoted'
}

const LEVELS = '▁▂▃▄▅▆▇█'
const WEEK_WIDTH = 2
const NAME_WIDTH = 12
const LABEL_WIDTH = NAME_WIDTH + 7
const symbols = { real: 'R', planted: 'P', promoted: 'V' } as const
const legend = 'R real change, P planted change, V new version'

/**
 * Log-loss and AUC by week as bars, each beside what the replaced version does on the same events. The two
 * rows of a metric share one scale, written at their end. Weeks without a value stay empty.
 */
export function renderChart(
  weeks: readonly WeekScore[],
  marks: readonly ChartMark[],
  firstWeek: number,
  lastWeek: number,
  paint: Paint = noPaint,
): readonly string[] {
  const served = new Map(weeks.map((week) => [week.week, week]))
  const spread = <T>(value: (week: WeekScore) => T): (T | null)[] =>
    Array.from({ length: lastWeek - firstWeek + 1 }, (_, i) => {
      const week = served.get(firstWeek + i)
      return week === undefined ? null : value(week)
    })
  return [
    ...metricRows(
      'log-loss',
      spread((week) => week.logLoss),
      spread((week) => week.oldModelLogLoss),
      paint,
    ),
    ...metricRows(
      'AUC',
      spread((week) => week.auc),
      spread((week) => week.oldModelAuc),
      paint,
    ),
    paint('dim', `${'week'.padEnd(LABEL_WIDTH)}${axis(firstWeek, lastWeek)}`),
    `${''.padEnd(LABEL_WIDTH)}${markRow(marks, firstWeek, lastWeek)}`.trimEnd(),
    paint('dim', `${''.padEnd(LABEL_WIDTH)}${legend}`),
  ]
}

type Values = readonly (number | null)[]

function metricRows(name: string, served: Values, old: Values, paint: Paint): readonly string[] {
  const known = [...served, ...old].filter(isNumber)
  const low = Math.min(...known)
  const high = Math.max(...known)
  const scale = known.length === 0 ? '' : `  ${formatMetric(low)} to ${formatMetric(high)}`
  const row = (label: string, values: Values): string =>
    `${label.padEnd(NAME_WIDTH)}${formatMetric(values.findLast(isNumber) ?? null).padStart(5)}  ${bars(values, low, high)}`
  const rows = [`${paint('bold', row(name, served))}${paint('dim', scale)}`]
  if (old.some(isNumber)) rows.push(paint('dim', row('  old model', old)))
  return rows
}

function bars(values: Values, low: number, high: number): string {
  return values
    .map((value) => (isNumber(value) ? LEVELS[levelOf(value, low, high)]! : ' ').repeat(WEEK_WIDTH))
    .join('')
}

/** A scale of one value puts it in the middle. */
function levelOf(value: number, low: number, high: number): number {
  const share = high > low ? (value - low) / (high - low) : 0.5
  return Math.min(Math.floor(share * LEVELS.length), LEVELS.length - 1)
}

function axis(firstWeek: number, lastWeek: number): string {
  let text = ''
  for (let week = firstWeek; week <= lastWeek; week++) {
    text += (week % 5 === 0 ? String(week) : '').padEnd(WEEK_WIDTH).slice(0, WEEK_WIDTH)
  }
  return text
}

function markRow(marks: readonly ChartMark[], firstWeek: number, lastWeek: number): string {
  let text = ''
  for (let week = firstWeek; week <= lastWeek; week++) {
    const here = marks.filter((mark) => mark.week === week).map((mark) => symbols[mark.kind])
    text += [...new Set(here)].join('').slice(0, WEEK_WIDTH).padEnd(WEEK_WIDTH)
  }
  return text
}

function isNumber(value: number | null): value is number {
  return value !== null && !Number.isNaN(value)
}
