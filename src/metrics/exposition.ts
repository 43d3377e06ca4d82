import type { MetricFamily, Series } from './metrics.ts'

/** Prometheus' own text format, and its standard, which newer scrapers ask for. */
export type ExpositionFormat = 'prometheus' | 'openmetrics'

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/**
 * Metrics as text. The formats differ in how the family of a counter is called, and in the last line.
 * Sources: Prometheus, "Exposition formats", text format 0.0.4; OpenMetrics 1.0.0.
 */
export function exposition(families: readonly MetricFamily[], format: ExpositionFormat): string {
  const lines: string[] = []
  for (const { definition, series } of families) {
    const { name, kind, help } = definition
    const family = format === 'openmetrics' && kind === 'counter' ? name.replace(/_total$/, '') : name
    lines.push(`# HELP ${family} ${escaped(help)}.`, `# TYPE ${family} ${kind}`)
    for (const one of series) {
      if (kind === 'histogram') lines.push(...histogramLines(name, one, definition.buckets ?? []))
      else lines.push(`${name}${labelText(one.labels)} ${numberText(one.value)}`)
    }
  }
  if (format === 'openmetrics') lines.push('# EOF')
  return `${lines.join('\n')}\n`
}

/** Buckets are told as sums from the first bound on; the infinite one is the count. */
function histogramLines(name: string, series: Series, bounds: readonly number[]): string[] {
  let count = 0
  const lines = series.buckets.map((inBucket, index) => {
    count += inBucket
    const bound = bounds[index]
    const le = bound === undefined ? '+Inf' : numberText(bound)
    return `${name}_bucket${labelText({ ...series.labels, le })} ${count}`
  })
  const labels = labelText(series.labels)
  return [...lines, `${name}_sum${labels} ${numberText(series.value)}`, `${name}_count${labels} ${count}`]
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}
