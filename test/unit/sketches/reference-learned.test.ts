import { describe, expect, it } from 'vitest'
import { layoutOf } from '../../../src/sketches/block-layout.ts'
import { atOnce } from '../../../src/sketches/interruptible.ts'
import { addFeatures, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import {
  countedReference,
  cutFromRows,
  type NamedRow,
  supersedes,
} from '../../../src/sketches/reference-learned.ts'
import { fromReferenceEvent, gridIdOf, toReferenceEvent } from '../../../src/sketches/reference-wire.ts'
import type { Reference } from '../../../src/sketches/types.ts'
import { addPane, createWindowedCounts } from '../../../src/sketches/windowed-counts.ts'

const subject = {
  model: 'm',
  version: '1',
  createdAt: 1_000,
  task: 'multiclass' as const,
  positiveLabel: '1',
}
const types = new Map<string, 'numeric' | 'categorical'>([
  ['x', 'numeric'],
  ['few', 'categorical'],
  ['many', 'categorical'],
  ['__proto__', 'numeric'],
])

const rows: NamedRow[] = Array.from({ length: 3_000 }, (_, at) => ({
  prediction: ['cat', 'dog', 'cow'][at % 3]!,
  values: new Map<string, number | string | null>([
    ['x', (at * 7919) % 3_000],
    ['few', ['a', 'b'][at % 2]!],
    ['many', `k${at % 500}`],
    ['__proto__', at % 4],
  ]),
}))

function counted(cut: Reference, categories: readonly string[]): Reference {
  const sketch = createPaneSketch(cut.task)
  const layout = layoutOf(cut)
  for (const [at, few] of categories.entries()) {
    const features = JSON.parse(`{"x": ${at}, "few": "${few}", "many": "k1", "__proto__": 2}`)
    addFeatures(sketch, layout, features, `id${at}`)
  }
  const windowed = createWindowedCounts(1_000, cut.task, layout.shape)
  addPane(windowed, 3_000, sketch)
  return countedReference(cut, sketch, null, windowed, 9_000, 9_500, 0)
}

describe('cutFromRows', () => {
  it('has edges, dictionaries and classes, and counts nothing', () => {
    const cut = atOnce(cutFromRows(subject, types, rows))
    expect(cut).toMatchObject({ stage: 'cut', source: 'stream', m: 0, performance: null })
    expect(cut.classes!.categories.toSorted()).toEqual(['cat', 'cow', 'dog'])
    const x = cut.features.get('x')!
    expect(x.kind === 'numeric' && x.grid.edges.length).toBeGreaterThan(500)
    expect(x.kind === 'numeric' && x.counts.bins.every((count) => count === 0)).toBe(true)
    const proto = cut.features.get('__proto__')!
    expect(proto.kind === 'numeric' && proto.grid.edges.includes(3)).toBe(true)
    // Five hundred categories do not fit: the dictionary says so, and nothing will ever be unseen.
    const [few, many] = ['few', 'many'].map((name) => cut.features.get(name)!)
    expect(few!.kind === 'categorical' && [...few!.counts.cells]).toEqual([0, 0, 0, 0])
    expect(many!.kind === 'categorical' && many!.counts.cells.at(-2)).toBe(1)
  })

  it('is the same for the same rows, travels, and depends on no clock', () => {
    const cut = atOnce(cutFromRows(subject, types, rows))
    expect(atOnce(cutFromRows({ ...subject, createdAt: 2_000 }, types, rows)).id).toBe(cut.id)
    expect(atOnce(cutFromRows(subject, types, rows.slice(1))).id).not.toBe(cut.id)
    expect(fromReferenceEvent(JSON.parse(JSON.stringify(toReferenceEvent(cut))))).toEqual(cut)
  })

  it('can be cut from values that are all missing', () => {
    const empty = rows.map(({ prediction }) => ({ prediction, values: new Map() }))
    const cut = atOnce(cutFromRows(subject, types, empty))
    expect([...cut.features.keys()]).toEqual([...types.keys()])
    expect(counted(cut, ['a', 'b']).m).toBe(2)
  })
})

describe('countedReference', () => {
  it('has the counts on the same grid under an id of its own', () => {
    const cut = atOnce(cutFromRows(subject, types, rows))
    const ready = counted(cut, ['a', 'a', 'b', 'new'])
    expect(ready).toMatchObject({ stage: 'ready', m: 4, learnedUntil: 9_000, createdAt: 9_500 })
    expect(gridIdOf(ready)).toBe(cut.id)
    expect(ready.id).not.toBe(cut.id)
    const few = ready.features.get('few')!
    // What was new while counting is no surprise later: it has its share in the reference.
    expect(few.kind === 'categorical' && [...few.counts.cells]).toEqual([2, 1, 0, 1])
    expect(fromReferenceEvent(JSON.parse(JSON.stringify(toReferenceEvent(ready))))).toEqual(ready)
  })

  it('counts values in the same cells as the cut does', () => {
    const cut = atOnce(cutFromRows(subject, types, rows))
    const ready = counted(cut, ['a'])
    for (const few of ['a', 'never']) {
      for (const many of ['k1', 'never']) {
        const sketches = [cut, ready].map((reference) => {
          const sketch = createPaneSketch(reference.task)
          addFeatures(sketch, layoutOf(reference), { x: 17, few, many }, 'id')
          return sketch.block!.cells
        })
        expect(sketches[0]).toEqual(sketches[1])
      }
    }
  })
})

describe('supersedes', () => {
  const reference = atOnce(cutFromRows(subject, types, rows))
  const { source: _source, ...published } = reference
  it.each([
    ['anything, nothing', reference, null, true],
    ['a later lesson, an earlier one', { ...reference, createdAt: 2_000 }, reference, true],
    ['an earlier lesson, a later one', reference, { ...reference, createdAt: 2_000 }, false],
    ['a lesson, what somebody published', { ...reference, createdAt: 2_000 }, published, false],
    ['what somebody published, a lesson', published, { ...reference, createdAt: 2_000 }, true],
    ['a publication, another', { ...published, createdAt: 0 }, published, true],
  ])('%s', (_what, next, current, expected) => {
    expect(supersedes(next as Reference, current as Reference | null)).toBe(expected)
  })
})
