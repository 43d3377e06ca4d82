import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareReferences } from '../../../src/cli/reference-difference.ts'
import {
  findReference,
  readPublishedReferences,
  readReferenceFile,
} from '../../../src/cli/reference-source.ts'
import { summarizeReference } from '../../../src/cli/reference-summary.ts'
import { describeDifferences, describeList, describeReference } from '../../../src/cli/reference-text.ts'
import { deploymentEventExample } from '../../../src/events/deployment-event.ts'
import { openMemoryLog } from '../../../src/log/memory-log.ts'
import { deploymentRecord, referenceRecord } from '../../../src/producers/control-events.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import type { ReferenceRow } from '../../../src/sketches/reference-cutter.ts'
import { toReferenceEvent } from '../../../src/sketches/reference-wire.ts'
import type { Reference } from '../../../src/sketches/types.ts'
import { smallOptions } from '../../support/small-pipeline.ts'

type Row = ReferenceRow['features']

const TYPES: ReadonlyMap<string, 'numeric' | 'categorical'> = new Map([
  ['x', 'numeric'],
  ['c', 'categorical'],
])

function referenceOf(version: string, rows: readonly Row[], types = TYPES, createdAt = 0): Reference {
  return buildReference({
    model: 'small',
    version,
    createdAt,
    task: 'binary',
    positiveLabel: '1',
    features: types,
    *rows() {
      for (const [at, features] of rows.entries()) {
        yield { features, prediction: at % 2, label: at % 2, score: at % 2 === 0 ? 0.25 : 0.75 }
      }
    },
  })
}

/** Numbers 0 to 9999 in a scattered order, a category of three. */
const rowsOf = (shift = 0): Row[] =>
  Array.from({ length: 10_000 }, (_, at) => ({
    x: ((at * 7919) % 10_000) + shift,
    c: ['red', 'green', 'blue'][at % 3]!,
  }))

describe('summarizeReference', () => {
  it('gives quantiles, shares and outcomes', () => {
    const rows = [...rowsOf(), ...Array.from({ length: 2_500 }, () => ({ x: null, c: 'red' }))]
    const summary = summarizeReference(referenceOf('1', rows))
    const [x, c] = summary.features
    expect(x).toMatchObject({ kind: 'numeric', values: 10_000, missingShare: 0.2, unusableShare: 0 })
    for (const [at, expected] of [500, 2_500, 5_000, 7_500, 9_500].entries()) {
      expect(x!.quantiles![at]).toBeGreaterThan(expected - 25)
      expect(x!.quantiles![at]).toBeLessThan(expected + 25)
    }
    expect(c!.top!.map(({ category }) => category)).toEqual(['red', 'blue', 'green'])
    expect(c!.top![0]!.share).toBeCloseTo((3_334 + 2_500) / 12_500)
    expect(summary.outcomes.find(({ metric }) => metric === 'accuracy')).toMatchObject({
      value: 1,
      n: 12_500,
    })
  })

  it('reads as a table, whatever the names', () => {
    const hostile: ReadonlyMap<string, 'numeric'> = new Map([
      ['__proto__', 'numeric'],
      ['a\u001b[31m', 'numeric'],
      ['empty', 'numeric'],
    ])
    const rows = rowsOf().map(({ x }) => JSON.parse(`{"__proto__": ${x}, "a\\u001b[31m": ${x}}`))
    const text = describeReference(summarizeReference(referenceOf('1', rows, hostile)))
    expect(text).toMatch(/^__proto__ +numeric +10000 +0\.0 % +\d+ /m)
    expect(text).toContain('a\\u001b[31m')
    expect(text).not.toContain('\u001b')
    expect(text).toMatch(/^empty +numeric +0 +100\.0 % +- /m)
    expect(text).toContain('unfit: empty has no value in 10000 rows')
  })
})

describe('compareReferences', () => {
  it('finds a reference equal to itself, exactly', () => {
    const reference = referenceOf('1', rowsOf())
    for (const difference of compareReferences(reference, reference)) {
      expect(difference).toMatchObject({ psi: 0, pValue: 1, basis: 'exact' })
    }
  })

  it('compares other edges through quantiles, says so, and puts the largest first', () => {
    const [one, two] = [referenceOf('1', rowsOf()), referenceOf('2', rowsOf(2_000))]
    const [x, c] = compareReferences(one, two)
    expect(x).toMatchObject({ feature: 'x', basis: 'approximate' })
    // A fifth of a uniform law moved out at one end and in at the other.
    expect(x!.ks).toBeCloseTo(0.2, 2)
    expect(c).toMatchObject({ feature: 'c', psi: 0, basis: 'exact', note: '0 new categories, 0 gone' })
    expect(describeDifferences([x!, c!])).toContain('through its quantiles')
  })

  it('sees a new category exactly where the other side knew all of its own', () => {
    const one = referenceOf('1', rowsOf())
    const two = referenceOf(
      '2',
      rowsOf().map((row, at) => (at % 2 === 0 ? { ...row, c: 'violet' } : row)),
    )
    const c = compareReferences(one, two).find(({ feature }) => feature === 'c')!
    expect(c).toMatchObject({ basis: 'exact', note: '1 new categories, 0 gone' })
    expect(c.psi).toBeGreaterThan(1)
  })

  it('names features that only one side has, and kinds that differ', () => {
    const one = referenceOf('1', rowsOf(), new Map([['x', 'numeric']]))
    const two = referenceOf(
      '2',
      rowsOf(),
      new Map([
        ['x', 'categorical'],
        ['constructor', 'numeric'],
      ]),
    )
    expect(compareReferences(one, two).map(({ feature, psi, note }) => [feature, psi, note])).toEqual([
      ['constructor', null, 'not in the first'],
      ['x', null, 'numeric in the first, categorical in the second'],
    ])
  })
})

describe('the references topic', () => {
  it('is read whole: the newest of a version, ready before cut, and what serves', async () => {
    const options = smallOptions('/tmp')
    const { names } = options.topics
    const log = openMemoryLog()
    await log.createTopics(Object.values(names).map((topic) => ({ topic, partitions: 3 })))
    const producer = await log.openProducer()
    const to = { topic: names.references, partitions: 3 }
    const ready = referenceOf('1', rowsOf(), TYPES, 1_000)
    const cut: Reference = { ...referenceOf('1', rowsOf(5), TYPES, 2_000), stage: 'cut' }
    const second = referenceOf('2', rowsOf(), TYPES, 3_000)
    for (const [at, reference] of [ready, cut, second].entries()) {
      const stamp = { source: '/test', now: at }
      await producer.send([referenceRecord(toReferenceEvent(reference), to, stamp)])
    }
    const noise = { topic: names.references, partition: 0, key: null, value: Buffer.from('{'), timestamp: 9 }
    await producer.send([noise])
    const before = await readPublishedReferences(log, options)
    expect(before.serving.get('small')).toBe('1')
    const promoted = deploymentRecord(
      { ...deploymentEventExample, model: 'small', toVersion: '2', stage: 'promoted' },
      { topic: names.deployments, partitions: 3 },
      { source: '/test', now: 10 },
    )
    await producer.send([promoted])
    const { references, serving } = await readPublishedReferences(log, options)

    expect(references.map(({ version, stage }) => [version, stage])).toEqual([
      ['1', undefined],
      ['1', 'cut'],
      ['2', undefined],
    ])
    expect(findReference(references, 'small', '1').id).toBe(ready.id)
    expect(findReference(references, 'small', undefined).id).toBe(second.id)
    expect(() => findReference(references, 'small', '3')).toThrowError(/small 1, small 2/)
    expect(describeList(references, serving)).toMatch(/^small +2 .* serving$/m)
    await log.close()
  })
})

describe('readReferenceFile', () => {
  it('reads what was written, and names the file where it is something else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'driftstream-reference-'))
    const reference = referenceOf('1', rowsOf())
    const path = join(folder, 'reference.json')
    await writeFile(path, JSON.stringify(toReferenceEvent(reference)))
    expect(await readReferenceFile(path)).toEqual(reference)
    for (const text of ['{}', 'no JSON', JSON.stringify({ ...toReferenceEvent(reference), m: -1 })]) {
      await writeFile(path, text)
      await expect(readReferenceFile(path)).rejects.toMatchObject({
        code: 'REFERENCE_FILE_INVALID',
        message: expect.stringContaining(path),
      })
    }
    await rm(folder, { recursive: true })
  })
})
