import { parseArgs } from 'node:util'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { runCommand, say } from '../command.ts'
import { type ReportLine, report } from '../report-line.ts'
import { writeResults } from '../results-file.ts'
import { referencesFor } from '../subjects/reference.ts'
import { againstBareLoop, driftLatency, type Extent, largerHeap, twoObservers } from './figures.ts'
import { createTopics, fillFeatures, openStage, PARTITIONS, SHAPE, type Stage } from './stage.ts'
import { type ToldEnd, tellEnd } from './told-end.ts'

const FIGURES = ['plain', 'gzip', 'two', 'heap', 'latency'] as const
type Figure = (typeof FIGURES)[number]

const USAGE = `npm run bench:kafka -- [--only plain,gzip,two,heap,latency] [--quick] [--records N] [--json] [--save]

An observer, exactly-once and all, beside a bare loop that consumes and parses, on a local broker.

  --only names   plain, gzip: observer against bare loop; two: two observers against one;
                 heap: an observer whose heap begins larger; latency
  --quick        50 000 records, two repeats, five trials: does it work? Not to judge by
  --records N    events measured (default 500 000)
  --json         one JSON object a line instead of a table
  --save         also writes bench/results/kafka-<date>-<n>-cores.json, to be committed

Exit code: 0, 1 when a goal was missed or a figure could not be measured, 64 when used wrongly. Ended by a
signal it says so, with what it has measured.
`

/** A backlog is longer than what is measured of it: nobody waits at its end. */
const MORE = 1.25

function readArguments() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: FIGURES.join() },
      quick: { type: 'boolean', default: false },
      records: { type: 'string' },
      json: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  })
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

type Options = ReturnType<typeof readArguments>

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

/** What a run measures, in this order; the topics of one serve the next. */
async function measure(options: Options, lines: ReportLine[], end: ToldEnd): Promise<boolean> {
  const { only, records } = options
  const extent: Extent = { ...options, say }
  const measures: Record<Figure, (stage: Stage) => Promise<ReportLine[]>> = {
    plain: (stage) => againstBareLoop(stage, 'plain', extent),
    gzip: (stage) => againstBareLoop(stage, 'gzip', extent),
    two: (stage) => twoObservers(stage, 'plain', extent),
    heap: (stage) => largerHeap(stage, 'plain', extent),
    latency: (stage) => driftLatency(stage, extent),
  }
  const stage = await openStage(say)
  const filled = new Set<string>()
  let areAllMeasured = true
  try {
    for (const figure of FIGURES.filter((name) => only.includes(name))) {
      end.enter(figure)
      const prefix = figure === 'gzip' ? 'gzip' : 'plain'
      try {
        if (figure !== 'latency' && !filled.has(prefix)) {
          filled.add(prefix)
          await fill(stage, prefix, figure === 'gzip' ? 'gzip' : 'none', records)
        }
        lines.push(...(await measures[figure](stage)))
      } catch (error) {
        // What the others show is not lost with one.
        areAllMeasured = false
        say(`${figure} could not be measured: ${(error as Error).stack}`)
      }
    }
    end.enter('the clearing up')
  } finally {
    await stage.close()
  }
  return areAllMeasured
}

async function main(options: Options): Promise<number> {
  const lines: ReportLine[] = []
  let isReported = false
  const tell = (): boolean => {
    isReported = true
    return report(lines)
  }
  const end = tellEnd(say, () => {
    if (!isReported && lines.length > 0) tell()
  })
  const areAllMeasured = await measure(options, lines, end)
  const allMet = tell()
  const results = lines.map((line) => ({ ...line, measurements: [] }))
  const { quick, save } = options
  for (const path of writeResults(results, { at: new Date(), quick, keep: save, name: 'kafka-' })) {
    say(`written: ${path}`)
  }
  end.finished()
  return areAllMeasured && allMet ? 0 : 1
}

await runCommand(USAGE, readArguments, main)
