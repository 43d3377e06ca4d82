import { describe, expect, it } from 'vitest'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import type { ReferenceRow } from '../../../src/sketches/reference-cutter.ts'
import {
  hasEnoughRows,
  REFERENCE_ROWS_MIN,
  referenceFitness,
} from '../../../src/sketches/reference-fitness.ts'
import type { Reference } from '../../../src/sketches/types.ts'

function referenceOf(
  rows: readonly ReferenceRow[],
  features: Readonly<Record<string, 'numeric' | 'categorical'>>,
): Reference {
  return buildReference({
    model: 'm',
    version: '1',
    createdAt: 0,
    task: 'binary',
    positiveLabel: '1',
    features: new Map(Object.entries(features)),
    windowMs: 10_000,
    rows: () => rows.map((row, second) => ({ ...row, at: 1_000 * second })),
  })
}

/** `count` rows, each with an outcome and a score. */
function rowsOf(count: number, value: (row: number) => ReferenceRow['features']): ReferenceRow[] {
  return Array.from({ length: count }, (_, row) => ({
    features: value(row),
    prediction: row % 2,
    label: row % 3 === 0 ? 1 : 0,
    score: (row % 10) / 10,
  }))
}

const kindsOf = (reference: Reference) =>
  referenceFitness(reference).map(({ feature, kind, severity }) => [feature, kind, severity])

describe('referenceFitness', () => {
  it('finds nothing in a large and even reference', () => {
    const rows = rowsOf(12_000, (row) => ({ x: (row * 7919) % 12_000, c: `k${row % 20}` }))
    expect(referenceFitness(referenceOf(rows, { x: 'numeric', c: 'categorical' }))).toEqual([])
  })

  it.each([
    [REFERENCE_ROWS_MIN - 1, 'too-few-rows', 'unfit', false],
    [REFERENCE_ROWS_MIN, 'few-rows', 'warning', true],
    [9_999, 'few-rows', 'warning', true],
  ])('%i rows: %s', (m, kind, severity, enough) => {
    const reference = referenceOf(
      rowsOf(m, (row) => ({ x: row % 50 })),
      { x: 'numeric' },
    )
    expect(referenceFitness(reference)[0]).toMatchObject({ feature: null, kind, severity, value: m })
    expect(hasEnoughRows(reference)).toBe(enough)
  })

  it('names what is missing, constant, malformed or hidden in a bin, with the numbers', () => {
    const rows = rowsOf(10_000, (row) => ({
      constant: 3,
      one: 'a',
      none: null,
      nothing: null,
      text: row % 4 === 0 ? 'n/a' : row,
      ids: `id${row}`,
    }))
    const reference = referenceOf(rows, {
      constant: 'numeric',
      one: 'categorical',
      none: 'numeric',
      nothing: 'categorical',
      text: 'numeric',
      ids: 'categorical',
    })
    expect(kindsOf(reference)).toEqual([
      ['constant', 'constant', 'warning'],
      ['one', 'constant', 'warning'],
      ['none', 'all-missing', 'unfit'],
      ['nothing', 'all-missing', 'unfit'],
      ['text', 'malformed', 'warning'],
      ['ids', 'large-other', 'warning'],
    ])
    const other = referenceFitness(reference).find(({ kind }) => kind === 'large-other')!
    expect(other.value).toBeCloseTo((10_000 - 256) / 10_000)
    expect(other.message).toContain('97.4 %')
  })

  it('finds a bin of many values that holds too much, and leaves a single value alone', () => {
    const grid = { edges: Float64Array.of(0, 1, 2, 3) }
    const reference: Reference = {
      ...referenceOf(
        rowsOf(10_000, () => ({})),
        { x: 'numeric' },
      ),
      features: new Map([
        [
          'x',
          {
            kind: 'numeric',
            grid,
            counts: {
              bins: Uint32Array.of(0, 9_700, 200, 100, 0),
              missing: 0,
              nan: 0,
              infinite: 0,
              wrongType: 0,
              min: 0,
              max: 2.5,
            },
          },
        ],
      ]),
    }
    expect(referenceFitness(reference)).toMatchObject([{ kind: 'wide-bin', value: 0.97, limit: 0.01 }])
    const atoms = referenceOf(
      rowsOf(10_000, (row) => ({ x: row % 3 })),
      { x: 'numeric' },
    )
    expect(referenceFitness(atoms)).toEqual([])
  })

  it('says what outcomes there are too few of', () => {
    const bare = rowsOf(10_000, (row) => ({ x: row % 5 }))
    const without = bare.map(({ features }) => ({ features }))
    expect(kindsOf(referenceOf(without, { x: 'numeric' }))).toEqual([[null, 'no-outcomes', 'warning']])
    const few = bare.map(({ score: _score, ...row }, at) => (at < 999 ? row : { features: row.features }))
    expect(kindsOf(referenceOf(few, { x: 'numeric' }))).toEqual([
      [null, 'few-outcomes', 'warning'],
      [null, 'no-scores', 'note'],
    ])
  })

  it('says of a cut reference only that it is cut', () => {
    const reference = referenceOf(
      rowsOf(5, () => ({ x: 1 })),
      { x: 'numeric' },
    )
    expect(kindsOf({ ...reference, stage: 'cut' })).toEqual([[null, 'no-counts', 'note']])
  })

  it('takes a feature called __proto__ for a feature', () => {
    const rows = rowsOf(10_000, () => JSON.parse('{"__proto__": 1}'))
    const reference = referenceOf(rows, JSON.parse('{"__proto__": "numeric"}'))
    expect(kindsOf(reference)).toEqual([['__proto__', 'constant', 'warning']])
  })
})
