import { createJsonDecoder } from '../src/events/decode-source-event.ts'
import { createFeatureExtractor } from '../src/events/extract/feature-extractor.ts'
import { createLabelExtractor } from '../src/events/extract/label-extractor.ts'
import type { FeatureEvent } from '../src/events/feature-event.ts'
import { DEFAULT_MAPPING } from '../src/events/mapping.ts'
import { createRandom } from '../src/statistics/random.ts'
import { MIXED_SHAPE, NUMERIC_SHAPE, parseSide } from './json-sides.ts'
import { expectCounted, leastNanoseconds, type Side } from './measure.ts'
import { type ReportLine, report, reportLine } from './report-line.ts'
import { standardNormal } from './streams/distributions.ts'
import { encodeEvents } from './streams/encoding.ts'
import { drawEvents } from './streams/events.ts'

/**
 * From JSON bytes to fields in hand, beside `JSON.parse(bytes.toString())` of the same bytes and nothing
 * else. `node bench/extract.bench.ts [--json]`; least of many repeats, the two sides taking turns.
 */

const EVENTS = 2000
const REPEATS = 200

/** An event is in hand when its fields, its numbers and its texts have been touched. */
function extractSide(records: readonly Buffer[], names: readonly string[], leastRead: number): Side {
  const extractor = createFeatureExtractor(DEFAULT_MAPPING)
  const texts = names.flatMap((name, position) => (name.startsWith('cat') ? [position] : []))
  let touched = 0
  let before = 0
  return {
    prepare() {
      touched = 0
      before = extractor.readCount
    },
    run() {
      for (let index = 0; index < records.length; index++) {
        const event = extractor.extract(records[index]!)
        const { values } = event.features.valuesOf(names)
        if (event.at > 0 && event.id !== event.model) touched++
        for (let position = 0; position < values.length; position++) if (values[position] === 1e300) touched++
        for (let text = 0; text < texts.length; text++) if (values[texts[text]!] === '') touched++
      }
    },
    check() {
      expectCounted(touched, records.length)
      // After the first repeat; a side that parsed would be measured for nothing.
      if (before > 0) expectCounted(Math.min(extractor.readCount - before, leastRead), leastRead)
    },
    operations: records.length,
  }
}

function labelSide(records: readonly Buffer[]): Side {
  const extractor = createLabelExtractor(DEFAULT_MAPPING)
  let touched = 0
  return {
    prepare() {
      touched = 0
    },
    run() {
      for (let index = 0; index < records.length; index++)
        if (extractor.extract(records[index]!).at > 0) touched++
    },
    check: () => expectCounted(touched, records.length),
    operations: records.length,
  }
}

function decodeSide(records: readonly Buffer[]): Side {
  const decoder = createJsonDecoder(DEFAULT_MAPPING)
  let touched = 0
  return {
    prepare() {
      touched = 0
    },
    run() {
      for (let index = 0; index < records.length; index++)
        if (decoder.feature(records[index]!).at > 0) touched++
    },
    check: () => expectCounted(touched, records.length),
    operations: records.length,
  }
}

function compare(
  id: string,
  measure: string,
  goal: string | null,
  side: Side,
  other: Side,
  against: string,
): ReportLine[] {
  const [cost = Number.NaN, otherCost = Number.NaN] = leastNanoseconds([side, other], REPEATS)
  return [
    reportLine({
      id: `extract-${id}`,
      measure: `${measure}: extract / ${against}`,
      value: cost / otherCost,
      unit: 'times',
      goal,
    }),
    reportLine({ id: `extract-${id}-ns`, measure: 'extract', value: cost, unit: 'ns/event', goal: null }),
    reportLine({
      id: `extract-${id}-${against === 'decode' ? 'decode' : 'parse'}-ns`,
      measure: against,
      value: otherCost,
      unit: 'ns/event',
      goal: null,
    }),
  ]
}

const random = createRandom('extract')
const numeric = drawEvents(NUMERIC_SHAPE, EVENTS, 'extract').features
const mixed = drawEvents(MIXED_SHAPE, EVENTS, 'extract').features
const { labels } = drawEvents(NUMERIC_SHAPE, EVENTS, 'extract')

/** The same events with other features. */
function withFeatures(
  change: (name: string, value: FeatureEvent['features'][string], event: number) => [string, unknown] | null,
) {
  return numeric.map((event, index) => ({
    ...event,
    features: Object.fromEntries(
      Object.entries(event.features).flatMap(([name, value]) => {
        const changed = change(name, value, index)
        return changed === null ? [] : [changed]
      }),
    ),
  }))
}

const streams: readonly (readonly [
  id: string,
  measure: string,
  goal: string | null,
  events: readonly object[],
])[] = [
  ['numeric', '20 numeric', '<= 0.5', numeric],
  ['categorical', '20 numeric, 5 categorical', '<= 0.55', mixed],
  [
    'all-digits',
    '20 numeric, 17 digits each',
    '<= 0.8',
    withFeatures((name) => [name, standardNormal(random)]),
  ],
  [
    'sparse',
    '20 numeric, a third of them left out at random',
    '<= 0.8',
    withFeatures((name, value) => (random() < 0.3 ? null : [name, value])),
  ],
]

const lines: ReportLine[] = []
for (const [id, measure, goal, events] of streams) {
  const records = encodeEvents(events)
  const names = Object.keys(id === 'categorical' ? mixed[0]!.features : numeric[0]!.features)
  lines.push(
    ...compare(
      id,
      measure,
      goal,
      extractSide(records, names, records.length - 10),
      parseSide(records, records.length),
      'JSON.parse',
    ),
  )
}
const spaced = encodeEvents(numeric).map((record) =>
  Buffer.from(record.toString().replaceAll(',', ', ').replaceAll(':', ': ')),
)
const names = Object.keys(numeric[0]!.features)
lines.push(
  ...compare(
    'spaced',
    '20 numeric, spaces as Python writes them',
    '<= 0.5',
    extractSide(spaced, names, spaced.length),
    parseSide(spaced, spaced.length),
    'JSON.parse',
  ),
)
const labelRecords = encodeEvents(labels)
lines.push(
  ...compare(
    'labels',
    'labels',
    '<= 0.5',
    labelSide(labelRecords),
    parseSide(labelRecords, labelRecords.length),
    'JSON.parse',
  ),
)
const changing = encodeEvents(withFeatures((name, value, event) => [`${name}_${event}`, value]))
lines.push(
  ...compare(
    'changing',
    'other features in every event',
    '<= 1.1',
    extractSide(changing, [], 0),
    decodeSide(changing),
    'decode',
  ),
)

process.exitCode = report(lines) ? 0 : 1
