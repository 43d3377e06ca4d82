import { describe, expect, it } from 'vitest'
import { binOf } from '../../../src/sketches/numeric-grid.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import type { ReferenceRow } from '../../../src/sketches/reference-cutter.ts'
import type { CategoricalReference, NumericReference, Reference } from '../../../src/sketches/types.ts'
import { seededNormal } from '../../support/sketch-samples.ts'

const subject = { model: 'm', version: '1', createdAt: 5, task: 'binary', positiveLabel: '1' } as const

function build(
  features: Record<string, 'numeric' | 'categorical'>,
  rows: readonly ReferenceRow[],
): Reference {
  return buildReference({ ...subject, features: new Map(Object.entries(features)), rows: () => rows })
}

function numeric(reference: Reference, name: string): NumericReference {
  const feature = reference.features.get(name)
  return feature?.kind === 'numeric' ? feature : expect.fail(`no numeric ${name}`)
}

function categorical(reference: Reference, name: string): CategoricalReference {
  const feature = reference.features.get(name)
  return feature?.kind === 'categorical' ? feature : expect.fail(`no categorical ${name}`)
}

describe('buildReference', () => {
  it('counts every row on the edges cut from the same rows', () => {
    const normal = seededNormal(1)
    const values = Array.from({ length: 20_000 }, normal)
    const reference = build(
      { x: 'numeric' },
      values.map((x) => ({ features: { x } })),
    )
    const { grid, counts } = numeric(reference, 'x')
    const expected = new Uint32Array(grid.edges.length + 1)
    for (const x of values) expected[binOf(grid.edges, x)]!++
    expect(counts.bins).toEqual(expected)
    expect([counts.min, counts.max]).toEqual([Math.min(...values), Math.max(...values)])
    expect(reference.m).toBe(20_000)
  })

  it('counts what is missing or of another type', () => {
    const rows = [1, null, 'x', 'NaN', 'Infinity'].map((x) => ({ features: { x, c: x } }))
    const reference = build({ x: 'numeric', c: 'categorical' }, [...rows, { features: {} }])
    expect(numeric(reference, 'x').counts).toMatchObject({ missing: 2, nan: 1, infinite: 1, wrongType: 1 })
    expect(categorical(reference, 'c').counts.missing).toBe(2)
  })

  it('keeps the most frequent categories and counts the others as seen', () => {
    const rows = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 1 + (i % 3) }, () => ({ features: { c: i } })),
    )
    const { dictionary, counts } = categorical(build({ c: 'categorical' }, rows.flat()), 'c')
    expect(dictionary.categories).toHaveLength(256)
    expect(dictionary.categories.slice(0, 2)).toEqual(['101', '104'])
    // 256 kept: 100 that came three times, 100 twice, 56 once; 44 are beyond.
    expect([counts.cells.at(-2), counts.cells.at(-1)]).toEqual([44, 0])
    expect([...counts.cells.subarray(0, 256)]).toEqual(
      [...counts.cells.subarray(0, 256)].toSorted((a, b) => b - a),
    )
  })

  it('keeps the frequent categories of a feature with very many', () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => ({
      features: { c: i % 3 === 0 ? 'often' : `once ${i}` },
    }))
    const { dictionary, counts } = categorical(build({ c: 'categorical' }, rows), 'c')
    expect(dictionary.categories[0]).toBe('often')
    expect(counts.cells[0]).toBe(50_000)
    expect(counts.cells.at(-2)).toBe(100_000 - 255)
    const kept = counts.cells.subarray(0, 256)
    expect([...kept]).toEqual([...kept].toSorted((a, b) => b - a))
  })

  it('orders categories by their exact counts, also one that was forgotten once', () => {
    const once = Array.from({ length: 70_000 }, (_, i) => `u${i}`)
    const values = ['z', ...once, ...Array.from({ length: 10 }, () => ['a', 'z']).flat()]
    const rows = values.map((c) => ({ features: { c } }))
    const { dictionary, counts } = categorical(build({ c: 'categorical' }, rows), 'c')
    expect(dictionary.categories.slice(0, 2)).toEqual(['z', 'a'])
    expect([...counts.cells.subarray(0, 2)]).toEqual([11, 10])
    expect(dictionary.index.get('a')).toBe(1)
  })

  it('counts outcomes of rows with prediction and label, and has none without', () => {
    const features = { x: 1 }
    const rows: ReferenceRow[] = [
      { features, prediction: 1, score: 0.75, label: 1 },
      { features, prediction: 0, label: 1 },
      { features, prediction: 0 },
      { features, label: 1 },
    ]
    expect(build({ x: 'numeric' }, rows).performance).toMatchObject({ n: 2, scored: 1, correct: 1 })
    expect(build({ x: 'numeric' }, rows.slice(2)).performance).toBeNull()
  })

  it('freezes the most frequent labels of a multiclass model as its classes', () => {
    const features = { x: 1 }
    // Labels 0 to 39, the first 30 of them three times.
    const labels = Array.from({ length: 40 }, (_, i) => Array<number>(i < 30 ? 3 : 1).fill(i)).flat()
    const { classes, performance } = buildReference({
      ...subject,
      task: 'multiclass',
      features: new Map([['x', 'numeric']]),
      rows: () => labels.map((label) => ({ features, prediction: label, label })),
    })
    expect(classes!.categories).toHaveLength(32)
    expect(classes!.categories.slice(30)).toEqual(['30', '31'])
    expect(performance).toMatchObject({ n: 100, correct: 100, classCount: 32 })
    // Eight labels are counted together, right each time.
    expect(performance!.confusion.at(-1)).toBe(8)
    expect(build({ x: 'numeric' }, [{ features, prediction: 1, label: 1 }]).classes).toBeUndefined()
  })

  it('has features without a value, and no rows at all', () => {
    const reference = build({ x: 'numeric', c: 'categorical' }, [])
    expect(reference.m).toBe(0)
    expect(numeric(reference, 'x').counts.bins).toEqual(Uint32Array.of(0))
    expect(categorical(reference, 'c').counts.cells).toEqual(Uint32Array.of(0, 0))
  })

  it('identifies content: not when it was made, but all it says', () => {
    const rows = [{ features: { x: 1 } }, { features: { x: 2 } }]
    const { id } = build({ x: 'numeric' }, rows)
    const features = new Map([['x', 'numeric' as const]])
    expect(buildReference({ ...subject, createdAt: 6, features, rows: () => rows }).id).toBe(id)
    expect(buildReference({ ...subject, version: '2', features, rows: () => rows }).id).not.toBe(id)
    expect(build({ x: 'numeric' }, [...rows, { features: {} }]).id).not.toBe(id)
  })
})
