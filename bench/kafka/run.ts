import { parseArgs } from 'node:util'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { type ReportLine, report, reportLine } from '../report-line.ts'
import { writeResults } from '../results-file.ts'
import { referencesFor } from '../subjects/reference.ts'
import { FLUSH_MS, measureDriftLatency } from './drift-latency.ts'
import { createTopics, fillFeatures, openStage, PARTITIONS, SHAPE, type Stage } from './stage.ts'
import { bareLoop, type Cost, observers, takeTurns } from './throughput.ts'

const FIGURES = ['plain', 'gzip', 'two', 'latency'] as const
type Figure = (typeof FIGURES)[number]

const USAGE = `npm run bench:kafka -- [--only plain,gzip,two,latency] [--quick] [--records N] [--json] [--save]

An observer, exactly-once and all, beside a bare loop that consumes and parses, on a local broker.

  --only names   plain, gzip: observer against bare loop; two: two observers against one; latency
  --quick        50 000 records, two repeats, five trials: does it work? Not to judge by
  --records N    events measured (default 500 000)
  --json         one JSON object a line instead of a table
  --save         also writes bench/results/kafka-<date>-<n>-cores.json, to be committed

Exit code: 0, 1 when a goal was missed, 64 when used wrongly.
`

/** A backlog is longer than what is measured of it: nobody waits at its end. */
const MORE = 1.25

/** sysexits.h: the command was used wrongly. */
const EX_USAGE = 64

function readArguments() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: FIGURES.join() },
      quick: { type: 'boolean', default: false },
      records: { type: 'string' },
      json: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    process.exit(0)
  }
  const only = values.only.split(',')
  const unknown = only.find((name) => !FIGURES.some((figure) => figure === name))
  if (unknown !== undefined) throw new Error(`--only: expected ${FIGURES.join(', ')}, got ${unknown}`)
  const records = Number(values.records ?? (values.quick ? 50_000 : 500_000))
  if (!Number.isInteger(records) || records < 1_000) {
    throw new Error(`--records: expected a whole number of at least 1000, got ${values.records}`)
  }
  const { quick, save } = values
  return { only: only as Figure[], records, quick, save, repeats: quick ? 2 : 5, trials: quick ? 5 : 40 }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

async function fill(stage: Stage, prefix: string, codec: 'none' | 'gzip', records: number): Promise<void> {
  await createTopics(stage, prefix, codec)
  const producer = await stage.log.openProducer()
  const to = { topic: `${prefix}.references`, partitions: PARTITIONS }
  const stamp = { source: '/bench', now: 0 }
  await producer.send(
    referencesFor(SHAPE).map((reference) => referenceRecord(toReferenceEvent(reference), to, stamp)),
  )
  await producer.close()
  const held = Math.ceil(records * MORE)
  const bytes = await fillFeatures(stage, prefix, held)
  say(`${prefix}: ${held} events of ${bytes.toFixed(0)} bytes`)
}

const least = (costs: readonly Cost[], of: keyof Cost) => Math.min(...costs.map((cost) => cost[of]))

/** How many times as long one way takes as the other, by the least of each. */
const ratio = (of: keyof Cost, one: readonly Cost[], other: readonly Cost[]) =>
  least(one, of) / least(other, of)

/** The same repeat by repeat, and the median of those: what both sides had to bear is in both. */
function medianRatio(of: keyof Cost, one: readonly Cost[], other: readonly Cost[]): number {
  const ratios = one.map((cost, repeat) => cost[of] / other[repeat]![of]).sort((a, b) => a - b)
  return quantile(ratios, 0.5)
}

function against(id: string, [bare = [], ours = []]: readonly Cost[][]): ReportLine[] {
  const line = (suffix: string, measure: string, value: number, unit: string, goal: string | null) =>
    reportLine({ id: `${id}-${suffix}`, measure, value, unit, goal })
  return [
    line('speed', "bare loop's time over the observer's", ratio('wall', bare, ours), '', '>= 1'),
    line('speed-median', 'the same, median of the repeats', medianRatio('wall', bare, ours), '', null),
    line('launch', 'the same, from the start of the process', ratio('launch', bare, ours), '', null),
    line('cpu', "bare loop's CPU over the observer's", ratio('cpu', bare, ours), '', null),
    line('cpu-median', 'the same, median of the repeats', medianRatio('cpu', bare, ours), '', null),
    line('bare-wall', 'bare loop, a record', least(bare, 'wall'), 'us', null),
    line('bare-launch', 'bare loop, a record from its start', least(bare, 'launch'), 'us', null),
    line('bare-cpu', 'bare loop, CPU a record', least(bare, 'cpu'), 'us', null),
    line('observer-wall', 'observer, a record', least(ours, 'wall'), 'us', null),
    line('observer-launch', 'observer, a record from its start', least(ours, 'launch'), 'us', null),
    line('observer-cpu', 'observer, CPU a record', least(ours, 'cpu'), 'us', null),
  ]
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

async function main({ only, records, quick, save, repeats, trials }: ReturnType<typeof readArguments>) {
  const stage = await openStage(say)
  const lines: ReportLine[] = []
  try {
    if (only.includes('plain') || only.includes('two')) await fill(stage, 'plain', 'none', records)
    if (only.includes('plain')) {
      const ways = [bareLoop(stage, 'plain', records), observers(stage, 'plain', records, 1)]
      lines.push(...against('kafka-plain', await takeTurns(ways, { repeats, run: 'plain' }, say)))
    }
    if (only.includes('gzip')) {
      await fill(stage, 'gzip', 'gzip', records)
      const ways = [bareLoop(stage, 'gzip', records), observers(stage, 'gzip', records, 1)]
      lines.push(...against('kafka-gzip', await takeTurns(ways, { repeats, run: 'gzip' }, say)))
    }
    if (only.includes('two')) {
      const ways = [observers(stage, 'plain', records, 1), observers(stage, 'plain', records, 2)]
      const [one = [], two = []] = await takeTurns(ways, { repeats, run: 'two' }, say)
      const value = ratio('wall', one, two)
      const measure = "one observer's time over that of two"
      lines.push(reportLine({ id: 'kafka-two-observers', measure, value, unit: '', goal: null }))
      const cpu = reportLine({
        id: 'kafka-two-observers-cpu',
        measure: "one observer's CPU over that of two together",
        value: ratio('cpu', one, two),
        unit: '',
        goal: null,
      })
      lines.push(cpu)
    }
    if (only.includes('latency')) {
      const sorted = (await measureDriftLatency(stage, trials)).sort((a, b) => a - b)
      for (const [name, share] of [
        ['p50', 0.5],
        ['p99', 0.99],
      ] as const) {
        const value = quantile(sorted, share) - FLUSH_MS / 1_000
        const measure = `event to drift event beyond the flush interval, ${name} of ${trials}`
        lines.push(reportLine({ id: `kafka-latency-${name}`, measure, value, unit: 's', goal: '< 1' }))
      }
    }
  } finally {
    await stage.close()
  }
  const allMet = report(lines)
  const results = lines.map((line) => ({ ...line, measurements: [] }))
  for (const path of writeResults(results, { at: new Date(), quick, keep: save, name: 'kafka-' })) {
    say(`written: ${path}`)
  }
  return allMet ? 0 : 1
}

let options: ReturnType<typeof readArguments>
try {
  options = readArguments()
} catch (error) {
  say(USAGE)
  say((error as Error).message)
  process.exit(EX_USAGE)
}
process.exitCode = await main(options)
