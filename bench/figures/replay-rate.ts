import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import { unwatched } from '../../src/files/byte-stream.ts'
import { openHistory } from '../../src/replay/open-files.ts'
import { replayHistory } from '../../src/replay/replay-history.ts'
import { ALL_TIME } from '../../src/replay/replay-options.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import { figureArgument, tell } from '../figure-process.ts'
import { NUMERIC_SHAPE } from '../json-sides.ts'
import { expectCounted } from '../measure.ts'
import { drawEvents } from '../streams/events.ts'
import { contextOf } from '../subjects/observer.ts'
import { referencesFor } from '../subjects/reference.ts'

const FORMS = ['json', 'csv', 'json-read', 'csv-read'] as const
const ROWS = 200_000
const REPEATS = 5
const MINUTE_MS = 60_000
const NANOSECONDS_A_SECOND = 1e9

/**
 * Rows of 20 numeric features, without labels, from a file through both steps, in turn with reading them and
 * asking for all their values. By the processor's time of all threads of the process: a replay awaits its
 * file, and what others do meanwhile is none of its cost.
 */
const argument = figureArgument(FORMS)
const [form, side] = argument.split('-')
const directory = mkdtempSync(join(tmpdir(), 'driftstream-bench-'))
try {
  const path = join(directory, form === 'csv' ? 'rows.csv' : 'rows.jsonl')
  const { features } = drawEvents(NUMERIC_SHAPE, ROWS, 'stream')
  writeFileSync(
    path,
    form === 'csv' ? csvOf(features) : `${features.map((row) => JSON.stringify(row)).join('\n')}\n`,
  )
  const [reference] = referencesFor(NUMERIC_SHAPE)
  const { stream, models: configured } = contextOf(reference!)
  const lengths = { dataMs: 5 * MINUTE_MS, performanceMs: 5 * MINUTE_MS, longestMs: 20 * MINUTE_MS }
  const models = new Map(
    [...configured].map(([name, model]) => [name, { ...model, windows: { ...model.windows, ...lengths } }]),
  )
  const files = {
    features: path,
    labels: null,
    mapping: DEFAULT_MAPPING,
    topics: { features: 'features', labels: 'labels' },
    model: 'bench',
    version: '1',
    labelDelayMs: 0,
    progress: unwatched(),
  }
  const { names } = layoutOf(reference!)

  const read = async () => {
    const history = await openHistory(files)
    let rows = 0
    for (const source of history.features) {
      for await (const batch of source.batches()) {
        for (let index = 0; index < batch.length; index++) {
          if (batch.event(index)?.features.valuesOf(names).values.length === names.length) rows++
        }
      }
    }
    expectCounted(rows, ROWS)
  }
  const replay = async () => {
    const result = await replayHistory(await openHistory(files), {
      stream,
      models,
      topics: files.topics,
      flushEventsMax: 50_000,
      policies: [{ name: 'configured', policies: new Map() }],
      references: [reference!],
      range: ALL_TIME,
      changes: [],
      answer: { kind: 'none' },
    })
    expectCounted(result.events.features, ROWS)
    expectCounted(result.courses[0]!.counts.unreferenced, 0)
  }

  const repeats = process.argv.includes('--quick') ? 1 : REPEATS
  const least = { replay: Number.POSITIVE_INFINITY, read: Number.POSITIVE_INFINITY }
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, run] of [
      ['replay', replay],
      ['read', read],
    ] as const) {
      const started = cpuNanoseconds()
      await run()
      least[name] = Math.min(least[name], (cpuNanoseconds() - started) / ROWS)
    }
  }
  tell(
    side === 'read'
      ? { value: least.read / least.replay, nanoseconds: { read: least.read, replay: least.replay } }
      : { value: NANOSECONDS_A_SECOND / least.replay, nanoseconds: { driftstream: least.replay } },
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage()
  return 1_000 * (user + system)
}

function csvOf(rows: ReturnType<typeof drawEvents>['features']): string {
  const names = Object.keys(rows[0]!.features)
  const lines = rows.map(({ id, at, prediction, score, features }) =>
    [id, at, prediction, score, ...names.map((name) => features[name])].join(','),
  )
  return `id,at,prediction,score,${names.join(',')}\n${lines.join('\n')}\n`
}
