import { describe, expect, it } from 'vitest'
import { METRICS } from '../../../src/metrics/catalogue.ts'
import { exposition } from '../../../src/metrics/exposition.ts'
import { Metrics } from '../../../src/metrics/metrics.ts'

function filled(): Metrics {
  const metrics = new Metrics()
  metrics.add(METRICS.eventsCounted, { model: 'flights' }, 41)
  metrics.add(METRICS.eventsCounted, { model: 'flights' })
  metrics.add(METRICS.eventsCounted, { model: 'a"b\\c\nd' }, 2)
  for (const seconds of [0.001, 0.005, 0.3, 99])
    metrics.observe(METRICS.flushSeconds, { process: 'observer' }, seconds)
  metrics.collect((set) => set(METRICS.residentBytes, {}, 1e6))
  return metrics
}

describe('exposition', () => {
  it('is the text format 0.0.4: sums of buckets, escaped labels, a last line break', () => {
    const text = exposition(filled().families(), 'prometheus')
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        '# TYPE driftstream_events_counted_total counter',
        'driftstream_events_counted_total{model="flights"} 42',
        'driftstream_events_counted_total{model="a\\"b\\\\c\\nd"} 2',
        '# TYPE driftstream_flush_duration_seconds histogram',
        // A bound belongs to its own bucket.
        'driftstream_flush_duration_seconds_bucket{process="observer",le="0.005"} 2',
        'driftstream_flush_duration_seconds_bucket{process="observer",le="0.25"} 2',
        'driftstream_flush_duration_seconds_bucket{process="observer",le="0.5"} 3',
        'driftstream_flush_duration_seconds_bucket{process="observer",le="30"} 3',
        'driftstream_flush_duration_seconds_bucket{process="observer",le="+Inf"} 4',
        'driftstream_flush_duration_seconds_sum{process="observer"} 99.306',
        'driftstream_flush_duration_seconds_count{process="observer"} 4',
        'process_resident_memory_bytes 1000000',
      ]),
    )
    expect(text.endsWith('1000000\n')).toBe(true)
  })

  it('is OpenMetrics 1.0.0 where asked for: counters are called without _total, and the end is marked', () => {
    const text = exposition(filled().families(), 'openmetrics')
    expect(text).toContain('# TYPE driftstream_events_counted counter\n')
    expect(text).toContain('driftstream_events_counted_total{model="flights"} 42\n')
    expect(text.endsWith('\n# EOF\n')).toBe(true)
  })

  it('writes what is no finite number as the formats want it', () => {
    const metrics = new Metrics()
    const at = (model: string, value: number) =>
      metrics.collect((set) => set(METRICS.inFlight, { model }, value))
    at('a', Number.POSITIVE_INFINITY)
    at('b', Number.NEGATIVE_INFINITY)
    at('c', Number.NaN)
    const values = exposition(metrics.families(), 'prometheus')
      .split('\n')
      .flatMap((line) => /} (.+)$/.exec(line)?.[1] ?? [])
    expect(values).toEqual(['+Inf', '-Inf', 'NaN'])
  })
})

describe('the catalogue', () => {
  const all = Object.values(METRICS)

  it('keeps the conventions: legal names, one each, counters and they alone in _total', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    for (const { name, kind, labels } of all) {
      expect(name).toMatch(/^(driftstream|process|nodejs)_[a-z0-9_]+$/)
      expect(name.endsWith('_total')).toBe(kind === 'counter')
      for (const label of labels) expect(label).toMatch(/^[a-z]+$/)
    }
  })

  it('has no label that grows with the data', () => {
    const labels = new Set(all.flatMap((metric): readonly string[] => metric.labels))
    const bounded = ['process', 'topic', 'partition', 'task', 'model', 'guard', 'code', 'outcome', 'stage']
    const alsoBounded = ['verdict', 'diagnosis', 'sink', 'version']
    expect([...labels].filter((label) => ![...bounded, ...alsoBounded].includes(label))).toEqual([])
    // Of the running program, not of a model.
    expect(all.filter((metric) => (metric.labels as readonly string[]).includes('version'))).toEqual([
      METRICS.buildInfo,
    ])
  })
})
