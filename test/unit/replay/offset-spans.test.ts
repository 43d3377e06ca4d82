import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rangesOfSpans, readOffsetSpans } from '../../../src/replay/offset-spans.ts'

const ends = [
  { partition: 0, low: 10, high: 90 },
  { partition: 1, low: 0, high: 40 },
]

it('reads ranges from a text, either end left out, and from the JSON of a retrain request', async () => {
  const spans = await readOffsetSpans(['ml.features:0=12..50, ml.features:1=..7', 'ml-labels_2:3=5..'])
  expect(spans).toEqual([
    { topic: 'ml.features', partition: 0, from: 12, to: 50 },
    { topic: 'ml.features', partition: 1, from: null, to: 7 },
    { topic: 'ml-labels_2', partition: 3, from: 5, to: null },
  ])
  const directory = await mkdtemp(join(tmpdir(), 'driftstream-spans-'))
  const path = join(directory, 'request.json')
  const offsets = [{ topic: 'f', partition: 0, from: 3, to: 9 }]
  for (const content of [offsets, { offsets }, { model: 'small', trainingRange: { fromMs: 0, offsets } }]) {
    await writeFile(path, JSON.stringify(content))
    expect(await readOffsetSpans([path])).toEqual(offsets)
  }
  for (const [content, message] of [
    ['{', /expected ranges of offsets as JSON/],
    ['[]', /expected a list of \{ topic, partition, from, to \}, or a retrain request/],
    ['[{"topic":"f","partition":-1}]', /expected a list/],
  ] as const) {
    await writeFile(path, content)
    await expect(readOffsetSpans([path])).rejects.toMatchObject({
      code: 'HISTORY_INVALID',
      message: expect.stringMatching(message),
    })
  }
  await rm(directory, { recursive: true, force: true })
})

it('refuses another text, and a partition that is named twice', async () => {
  for (const text of ['', 'f:0', 'f:0=1', 'f=1..2', 'f:x=1..2', 'f:0=1..2,', 'f:0=-1..2', 'f/0=1..2']) {
    await expect(readOffsetSpans([text])).rejects.toMatchObject({
      message: expect.stringContaining('expected topic:partition=from..to'),
    })
  }
  await expect(readOffsetSpans(['f:0=1..2', 'f:0=5..6'])).rejects.toMatchObject({
    message: '--offsets: expected each partition once, got f:0 twice',
  })
})

it('names what is read of a topic: all, or the partitions that are named, and never what is not there', () => {
  const spans = (from: number | null, to: number | null, partition = 0) => [
    { topic: 'f', partition, from, to },
  ]
  expect(rangesOfSpans('other', ends, spans(12, 20))).toEqual([
    { topic: 'other', partition: 0, from: 10, to: 90 },
    { topic: 'other', partition: 1, from: 0, to: 40 },
  ])
  expect(rangesOfSpans('f', ends, spans(null, 20))).toEqual([{ topic: 'f', partition: 0, from: 10, to: 20 }])
  expect(rangesOfSpans('f', ends, spans(30, null))).toEqual([{ topic: 'f', partition: 0, from: 30, to: 90 }])
  expect(rangesOfSpans('f', ends, spans(90, 90))).toEqual([{ topic: 'f', partition: 0, from: 90, to: 90 }])
  for (const wrong of [spans(9, 20), spans(10, 91), spans(30, 20)]) {
    expect(() => rangesOfSpans('f', ends, wrong)).toThrow(/f:0: expected offsets within 10\.\.90/)
  }
  expect(() => rangesOfSpans('f', ends, spans(0, 1, 2))).toThrow(
    /expected a partition of f from 0 to 1, got 2/,
  )
})
