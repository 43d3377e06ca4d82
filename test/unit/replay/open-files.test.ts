import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TimeRange } from '../../../src/events/fields.ts'
import { DEFAULT_MAPPING, type Mapping } from '../../../src/events/mapping.ts'
import { unwatched } from '../../../src/files/byte-stream.ts'
import { openHistory } from '../../../src/replay/open-files.ts'
import { replayHistory } from '../../../src/replay/replay-history.ts'
import { ALL_TIME } from '../../../src/replay/replay-options.ts'
import { smallHistory, smallReplay } from '../../support/small-history.ts'
import type { SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 20, eventsPerMinute: 100, seed: 3 }
const { features, labels } = smallHistory(world, 40)
const labelOf = new Map(labels.map(({ id, label }) => [id, label]))

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'driftstream-history-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(directory, name), content)
  return join(directory, name)
}

interface Told {
  readonly mapping?: Mapping
  readonly model?: string | null
  readonly range?: TimeRange
}

async function replayed(featuresPath: string, labelsPath: string | null, told: Told = {}) {
  const history = await openHistory({
    features: featuresPath,
    labels: labelsPath,
    mapping: told.mapping ?? DEFAULT_MAPPING,
    topics: { features: 'features', labels: 'labels' },
    model: told.model === undefined ? 'small' : told.model,
    version: '1',
    labelDelayMs: 30_000,
    progress: unwatched(),
  })
  return replayHistory(history, smallReplay(world, { range: told.range ?? ALL_TIME }))
}

const csv = (rows: readonly (readonly unknown[])[]) => `${rows.map((row) => row.join(',')).join('\n')}\n`
const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

const FEATURE_COLUMNS = ['id', 'at', 'x', 'c', 'prediction', 'score']
const featureRows = features.map(({ id, at, features: { x, c }, prediction, score }) => [
  ...[id, at, x, c, prediction, score],
])
const labelRows = labels.map(({ id, at, label }) => [id, at, label])

describe('a history of files', () => {
  it('is the same in every form: JSON lines, CSV, quoted CSV, packed, labels apart and beside', async () => {
    const labelsPath = await file('l.csv', csv([['id', 'at', 'label'], ...labelRows]))
    const whole = await replayed(await file('f.jsonl', jsonl(features)), await file('l.jsonl', jsonl(labels)))
    expect(whole.courses[0]!.models[0]!.drift.length).toBeGreaterThan(0)
    expect(whole.events).toEqual({ features: 4000, labels: 4000, refused: [] })

    const table = csv([FEATURE_COLUMNS, ...featureRows])
    const quoted = csv([FEATURE_COLUMNS, ...featureRows.map(([id, ...rest]) => [`"${id}"`, ...rest])])
    const bare = features.map(({ model: _model, version: _version, ...event }) => event)
    const flat = features.map(({ features: own, id, at, prediction, score }) => {
      return { id, at, prediction, score, ...own }
    })
    const beside = csv([
      [...FEATURE_COLUMNS, 'label'],
      ...featureRows.map((row) => [...row, labelOf.get(String(row[0]))]),
    ])
    const besideJson = features.map((event) => ({ ...event, label: labelOf.get(event.id) }))
    const others = [
      await replayed(await file('f.csv', table), labelsPath),
      await replayed(await file('returns.csv', table.replaceAll('\n', '\r\n')), labelsPath),
      await replayed(await file('f.csv.gz', gzipSync(table)), labelsPath),
      await replayed(await file('quoted.csv', quoted), labelsPath),
      await replayed(await file('bare.jsonl', jsonl(bare)), labelsPath),
      await replayed(await file('flat.jsonl', jsonl(flat)), labelsPath),
      await replayed(await file('beside.csv', beside), null),
      await replayed(await file('beside.jsonl', jsonl(besideJson)), null),
    ]
    for (const other of others) expect(other).toEqual(whole)
  }, 60_000)

  it('reads the columns that the mapping names, and takes hostile names for names', async () => {
    const mapping: Mapping = {
      feature: { ...DEFAULT_MAPPING.feature, id: 'key', at: 'meta.time', prediction: 'said' },
      label: { ...DEFAULT_MAPPING.label, id: 'key', at: 'known', label: 'truth' },
    }
    const columns = ['key', 'meta.time', 'x', 'c', 'said', 'score', '__proto__', 'constructor']
    const path = await file('f.csv', csv([columns, ...featureRows.map((row) => [...row, 1, 'a'])]))
    const labelsPath = await file('l.csv', csv([['key', 'known', 'truth'], ...labelRows]))
    const found = await replayed(path, labelsPath, { mapping })
    expect(found.courses[0]!.models[0]!.labelled).toBe(4000)

    const nested = features.map(({ id, at, prediction, score, features: own }) => {
      return {
        key: id,
        meta: { time: at },
        said: prediction,
        score,
        features: own,
        model: 'small',
        version: '1',
      }
    })
    expect(await replayed(await file('f.jsonl', jsonl(nested)), labelsPath, { mapping })).toEqual(found)
  })

  it('refuses rows that are no events by their number, and goes on', async () => {
    const rows = [...featureRows]
    rows[1] = ['', 'noon', 0, 'red', 1, 0.5]
    rows[2] = ['short', 1]
    const found = await replayed(await file('f.csv', csv([FEATURE_COLUMNS, ...rows])), null)
    expect(found.events.refused).toEqual([
      {
        code: 'EVENT_INVALID',
        count: 2,
        firstAt: expect.stringMatching(/f\.csv, row 2$/),
        firstMessage: expect.stringContaining(
          'at: expected epoch milliseconds or ISO 8601 with a zone, got "noon"',
        ),
      },
    ])
    const broken = await file('f.jsonl', `{"id": \n${jsonl(features)}`)
    expect((await replayed(broken, null)).events).toMatchObject({
      features: 4000,
      refused: [{ code: 'EVENT_UNDECODABLE', count: 1, firstAt: expect.stringMatching(/row 1$/) }],
    })
  })

  it('counts rows out of order as late, and refuses those that come when nobody waits any more', async () => {
    const shifted = [...features.slice(600), ...features.slice(0, 300)]
    const old = { ...features[0]!, id: 'old', at: world.startMs - 40 * 24 * 3_600_000 }
    const found = await replayed(await file('f.jsonl', jsonl([...shifted, old])), null)
    expect(found.courses[0]!.counts.late).toBe(300)
    expect(found.events.refused).toMatchObject([{ code: 'EVENT_TIME_TOO_OLD', count: 1 }])
  })

  it('counts what was counted: neither what lies outside the range, nor what no step takes', async () => {
    const strange = features
      .slice(0, 10)
      .map((event) => ({ ...event, id: `${event.id}-other`, model: 'other' }))
    const path = await file('f.jsonl', jsonl([...features, ...strange]))
    const range = { fromMs: world.startMs + 10 * 60_000, toMs: world.startMs + 30 * 60_000 }
    const whole = await replayed(path, await file('l.jsonl', jsonl(labels)))
    expect(whole.events).toMatchObject({ features: 4000, labels: 4000, refused: [{ count: 10 }] })
    expect((await replayed(path, null, { range })).events).toEqual({ features: 2000, labels: 0, refused: [] })
    await expect(replayed(await file('g.jsonl', jsonl(strange)), null)).rejects.toMatchObject({
      message: expect.stringMatching(/all 10 were refused, the first \(MODEL_UNKNOWN\)/),
    })
  })

  it('must say in a column of which model a row is, where there are several', async () => {
    const path = await file('f.csv', csv([FEATURE_COLUMNS, ...featureRows]))
    await expect(replayed(path, null, { model: null })).rejects.toMatchObject({
      code: 'HISTORY_INVALID',
      message: expect.stringContaining('expected columns "model" (mapping.feature.model), got "id"'),
    })
  })

  it('goes on where labels never come', async () => {
    const path = await file('f.jsonl', jsonl(features))
    for (const labelsPath of [null, await file('l.csv', 'id,at,label\n'), await file('l.jsonl', '')]) {
      const found = await replayed(path, labelsPath)
      expect(found.events.labels).toBe(0)
      expect(found.courses[0]!.models[0]).toMatchObject({ labelled: 0, meanMetric: null, measured: [] })
    }
  })

  it('says what is wrong with a file: another ending, none, empty, no event in it', async () => {
    const path = await file('f.jsonl', jsonl(features))
    const wrong: readonly (readonly [string, string | null, RegExp])[] = [
      [await file('f.txt', 'x'), null, /expected a file ending in one of \.csv/],
      [join(directory, 'none.csv'), null, /none\.csv: expected a readable file, got: ENOENT/],
      [await file('empty.csv', ''), null, /expected rows, got none/],
      [await file('empty.jsonl', '\n\n'), null, /expected rows, got none/],
      [await file('header.csv', 'id,at,x\n'), null, /expected rows, got none|there is none/],
      [
        await file('other.csv', 'id,time,x,prediction\n1,5,2,1\n'),
        null,
        /other\.csv: expected columns "at" \(mapping\.feature\.at\), got "id", "time", "x", "prediction"/,
      ],
      [await file('semicolon.csv', 'id;at;x;prediction\n1;5;2;1\n'), null, /got "id;at;x;prediction"/],
      [await file('none.jsonl', '{"x":1}\n'), null, /all 1 were refused, the first \(EVENT_INVALID\)/],
      [
        path,
        await file('t.csv', 'id,time,label\n1,5,1\n'),
        /t\.csv: expected columns "at" \(mapping\.label\.at\)/,
      ],
      [path, join(directory, 'none.csv'), /none\.csv: expected a readable file/],
    ]
    for (const [featuresPath, labelsPath, message] of wrong) {
      await expect(replayed(featuresPath, labelsPath)).rejects.toMatchObject({
        code: 'HISTORY_INVALID',
        message: expect.stringMatching(message),
      })
    }
  })
})
