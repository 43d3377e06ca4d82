import { METRICS } from './catalogue.ts'
import type { LabelsOf, MetricDefinition } from './definition.ts'

/** More than any configuration in sight; a metric that meets more is left as it is, and says so. */
const SERIES_MAX = 10_000

/** One value, or the counts below each bound of a histogram. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  value: number
  /** Of a histogram: per bound, values up to it and above the one before; the last is beyond all bounds. */
  readonly buckets: number[]
}

export interface MetricFamily {
  readonly definition: MetricDefinition
  readonly series: readonly Series[]
}

/** Sets what stands in the state of whoever is asked. */
export type SetMetric = <D extends MetricDefinition>(
  definition: D,
  labels: LabelsOf<D>,
  value: number,
) => void

type Table = Map<string, Map<string, Series>>

/**
 * What a process tells of itself. Counters and histograms are counted where something happens and live as
 * long as the process. Gauges, and counters that live in somebody's state, are read from there when they are
 * asked for: what is owned no more is told no more.
 */
export class Metrics {
  readonly #counted: Table = new Map()
  readonly #readers = new Set<(set: SetMetric) => void>()
  /** Somebody can ask: what costs a question to the log is worth it. */
  isServed = false

  add<D extends MetricDefinition>(definition: D, labels: LabelsOf<D>, by = 1): void {
    if (by === 0) return
    const series = this.#seriesOf(this.#counted, definition, labels)
    if (series !== null) series.value += by
  }

  /** Of a histogram. */
  observe<D extends MetricDefinition>(definition: D, labels: LabelsOf<D>, value: number): void {
    const series = this.#seriesOf(this.#counted, definition, labels)
    if (series === null) return
    const bounds = definition.buckets ?? []
    const at = bounds.findIndex((bound) => value <= bound)
    series.buckets[at < 0 ? bounds.length : at]! += 1
    series.value += value
  }

  /** Asks `read` whenever the metrics are read, until the function returned is called. */
  collect(read: (set: SetMetric) => void): () => void {
    this.#readers.add(read)
    return () => this.#readers.delete(read)
  }

  /** Everything as it is now, in the catalogue's order; metrics without a value are left out. */
  families(): MetricFamily[] {
    const read: Table = new Map()
    const set: SetMetric = (definition, labels, value) => {
      const series = this.#seriesOf(read, definition, labels)
      if (series !== null) series.value += value
    }
    for (const reader of this.#readers) reader(set)
    return Object.values(METRICS).flatMap((definition) => {
      const tables = [this.#counted, read].flatMap((table) => table.get(definition.name) ?? [])
      const series = tables.flatMap((table) => [...table.values()])
      return series.length === 0 ? [] : [{ definition, series }]
    })
  }

  #seriesOf(
    table: Table,
    definition: MetricDefinition,
    labels: Readonly<Record<string, string>>,
  ): Series | null {
    let family = table.get(definition.name)
    if (family === undefined) {
      family = new Map()
      table.set(definition.name, family)
    }
    const key = definition.labels.map((label) => labels[label]).join('\n')
    const known = family.get(key)
    if (known !== undefined) return known
    if (family.size >= SERIES_MAX) {
      if (definition !== METRICS.seriesRefused) this.add(METRICS.seriesRefused, {})
      return null
    }
    const bounds = definition.buckets
    const series: Series = {
      labels,
      value: 0,
      buckets: bounds === undefined ? [] : new Array<number>(bounds.length + 1).fill(0),
    }
    family.set(key, series)
    return series
  }
}
