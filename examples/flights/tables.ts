import { HOUR_MS } from './calendar.ts'
import { formatCount, formatMetric, formatTime, noPaint, type Paint, type Tone } from './paint.ts'
import { type DemoSummary, type Incident, judgeIncident, type VersionRow } from './story.ts'

interface Column<T> {
  readonly title: string
  readonly right?: boolean
  text(row: T): string
  tone?(row: T): Tone | null
}

const versionColumns: readonly Column<VersionRow>[] = [
  { title: 'version', text: (row) => row.version },
  { title: 'from', text: (row) => formatTime(row.from) },
  { title: 'to', text: (row) => formatTime(row.to) },
  { title: 'events', right: true, text: (row) => formatCount(row.events) },
  { title: 'log-loss', right: true, text: (row) => formatMetric(row.logLoss) },
  { title: 'old model', right: true, text: (row) => formatMetric(row.oldModelLogLoss) },
  { title: 'AUC', right: true, text: (row) => formatMetric(row.auc) },
  { title: 'old model', right: true, text: (row) => formatMetric(row.oldModelAuc) },
]

const incidentColumns: readonly Column<Incident>[] = [
  { title: 'incident', text: (row) => row.name },
  {
    title: 'kind',
    text: (row) => (row.planted ? 'planted' : 'real'),
    tone: (row) => (row.planted ? 'yellow' : null),
  },
  { title: 'began', text: (row) => (row.startedAt === null ? '-' : formatTime(row.startedAt)) },
  { title: 'detected', text: (row) => (row.detectedAt === null ? '-' : formatTime(row.detectedAt)) },
  { title: 'after', right: true, text: detectionDelay },
  { title: 'diagnosis', text: (row) => row.diagnosis ?? '-' },
  { title: 'action', text: (row) => row.action },
  {
    title: 'verdict',
    text: (row) => `${judgeIncident(row).right ? '✓' : '✗'} ${judgeIncident(row).words}`,
    tone: (row) => (judgeIncident(row).right ? 'green' : 'red'),
  },
]

/** Each version's time in service, beside the version it replaced on the same events. */
export function renderVersions(versions: readonly VersionRow[], paint: Paint = noPaint): readonly string[] {
  return renderTable(versionColumns, versions, paint)
}

/** What happened, what was made of it, and whether that was right. */
export function renderIncidents(incidents: readonly Incident[], paint: Paint = noPaint): readonly string[] {
  return renderTable(incidentColumns, incidents, paint)
}

/** The end of the demo: both tables and one line of totals. */
export function renderSummary(summary: DemoSummary, paint: Paint = noPaint): readonly string[] {
  const { events, seconds, eventsPerSecond, requests, promotions, rejections } = summary
  return [
    '',
    paint('bold', 'Versions'),
    ...renderVersions(summary.versions, paint),
    '',
    paint('bold', 'Incidents'),
    ...renderIncidents(summary.incidents, paint),
    '',
    `${formatCount(events)} events in ${seconds.toFixed(1)} s (${formatCount(eventsPerSecond)} a second), ` +
      `${requests} retrain requests: ${promotions} promoted, ${rejections} rejected`,
  ]
}

/** Hours of event time from the start to the alarm. */
function detectionDelay(incident: Incident): string {
  const { startedAt, detectedAt } = incident
  if (startedAt === null || detectedAt === null) return '-'
  return `${formatCount((detectedAt - startedAt) / HOUR_MS)} h`
}

function renderTable<T>(columns: readonly Column<T>[], rows: readonly T[], paint: Paint): readonly string[] {
  const widths = columns.map((column) =>
    Math.max(column.title.length, ...rows.map((row) => column.text(row).length)),
  )
  const join = (cells: readonly string[]): string => cells.join('  ').trimEnd()
  // Padding comes before colour: escape codes have no width.
  const pad = (text: string, k: number): string =>
    columns[k]!.right === true ? text.padStart(widths[k]!) : text.padEnd(widths[k]!)
  return [
    paint('dim', join(columns.map((column, k) => pad(column.title, k)))),
    ...rows.map((row) =>
      join(
        columns.map((column, k) => {
          const text = pad(column.text(row), k)
          const tone = column.tone?.(row) ?? null
          return tone === null ? text : paint(tone, text)
        }),
      ),
    ),
  ]
}
