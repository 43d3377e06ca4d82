import { describe, expect, it } from 'vitest'
import type { FeatureValue } from '../../../src/events/feature-event.ts'
import { compileLayout, layoutOf } from '../../../src/sketches/block-layout.ts'
import {
  addFeatures,
  addValues,
  clonePaneSketch,
  countsOf,
  createPaneSketch,
  mergePaneSketch,
  sketchesFit,
} from '../../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../../src/sketches/performance-counts.ts'
import type { NumericCounts, PaneSketch } from '../../../src/sketches/types.ts'
import { smallReference } from '../../support/sketch-samples.ts'

const reference = smallReference()
const layout = layoutOf(reference)

function counted(...events: Record<string, FeatureValue>[]): PaneSketch {
  const sketch = createPaneSketch('binary')
  events.forEach((features, at) => {
    addFeatures(sketch, layout, features, String(at))
  })
  return sketch
}

function missing(sketch: PaneSketch): Record<string, number> {
  return Object.fromEntries(
    layout.names.map((name, at) => [name, countsOf(sketch, layout, at)!.counts.missing]),
  )
}

describe('addFeatures', () => {
  it('counts every feature of the reference, and those it does not know', () => {
    const sketch = counted({ x: 3, c: 'c1', new: 1, newer: null }, { x: null })
    expect(sketch).toMatchObject({ events: 2, unknownFeatures: 2 })
    expect(missing(sketch)).toEqual({ x: 1, c: 1, ['__proto__']: 2, constructor: 2 })
  })

  it('takes features called __proto__ and constructor for features', () => {
    const sketch = counted(JSON.parse('{"__proto__": 3, "constructor": true, "toString": 1}'))
    expect(missing(sketch)).toEqual({ x: 1, c: 1, ['__proto__']: 0, constructor: 0 })
    expect((countsOf(sketch, layout, 2)!.counts as NumericCounts).max).toBe(3)
    expect(sketch.unknownFeatures).toBe(1)
  })

  it('counts events alone without a reference', () => {
    const sketch = createPaneSketch('regression')
    addFeatures(sketch, null, { x: 1 }, 'a')
    expect(sketch).toMatchObject({ events: 1, unknownFeatures: 0 })
    expect(sketch.block).toBeNull()
  })
})

describe('compileLayout', () => {
  it('shares the names of equal lists, in their order', () => {
    const again = compileLayout(new Map(reference.features))
    const reversed = compileLayout(new Map([...reference.features].reverse()))
    expect(again.names).toBe(layout.names)
    expect(reversed.names).toEqual([...layout.names].reverse())
  })

  it('forgets lists before they become many, and finds its names all the same', () => {
    const feature = reference.features.get('x')!
    for (let at = 0; at < 1000; at++) {
      expect(compileLayout(new Map([[`name ${at}`, feature]])).names).toEqual([`name ${at}`])
    }
  })

  it('compiles how values find their cells for the first value only', () => {
    const fresh = compileLayout(reference.features)
    const sketch = createPaneSketch('binary')
    countsOf(sketch, fresh, 0)
    mergePaneSketch(sketch, counted({ x: 1 }))
    expect(fresh.tables).toBeNull()
    addFeatures(sketch, fresh, { x: 1 }, 'a')
    expect(fresh.tables).not.toBeNull()
  })
})

describe('addValues', () => {
  it('counts values by position as addFeatures counts them by name', () => {
    const byPosition = createPaneSketch('binary')
    addValues(byPosition, layout, [3, 'c1', undefined, true], 2, '0')
    addValues(byPosition, layout, [null, 'new one', 'NaN', undefined], 0, '1')
    const byName = counted(
      { new: 1, x: 3, newer: 'y', c: 'c1', constructor: true },
      { c: 'new one', ['__proto__']: 'NaN', x: null },
    )
    expect(byPosition).toEqual(byName)
  })

  it('is not misled by events that come in another order, or shorter than the last', () => {
    const events = [{ x: 1, c: 'c1' }, { c: 'c2', x: 400 }, { c: 'c1' }, {}, { x: 2, new: 1, c: 'c0' }]
    const all = counted(...events)
    const apart = createPaneSketch('binary')
    events.forEach((features, at) => {
      // A layout of its own for each: nothing is remembered.
      const one = createPaneSketch('binary')
      addFeatures(one, compileLayout(reference.features), features, String(at))
      mergePaneSketch(apart, one)
    })
    expect(all).toEqual(apart)
  })
})

describe('mergePaneSketch', () => {
  it('gives the counts of all events together', () => {
    const [a, b, c] = [{ x: 1 }, { c: 'c1', new: 1 }, { x: 400, constructor: false }] as const
    const merged = counted(a)
    mergePaneSketch(merged, counted(b, c))
    expect(merged).toEqual(counted(a, b, c))
  })

  it('takes what has no features without a cell, and gives it to one that has none yet', () => {
    const outcomes = createPaneSketch('binary')
    addOutcome(outcomes.performance, { prediction: 'yes', score: 0.5, label: 'yes', positiveLabel: 'yes' })
    mergePaneSketch(outcomes, createPaneSketch('binary'))
    expect(outcomes.block).toBeNull()
    const one = counted({ x: 1 })
    mergePaneSketch(outcomes, one)
    mergePaneSketch(outcomes, counted({ x: 1 }))
    expect(outcomes).toMatchObject({ events: 2, performance: { n: 1 } })
    expect(one).toEqual(counted({ x: 1 }))
  })

  it('refuses features the other does not have', () => {
    const other = createPaneSketch('binary')
    addFeatures(other, compileLayout(new Map([...reference.features].slice(1))), {}, 'a')
    expect(() => mergePaneSketch(other, counted({}))).toThrow(/cells of 4 features for \d+ cells of 3/)
  })
})

describe('sketchesFit', () => {
  it('tells whether two sketches were counted on edges alike', () => {
    const fewer = new Map([...reference.features].slice(1))
    const otherKind = new Map(reference.features).set('x', reference.features.get('c')!)
    const onOther = (features: typeof reference.features) => {
      const sketch = createPaneSketch('binary')
      addFeatures(sketch, compileLayout(features), {}, 'a')
      return sketch
    }
    expect(sketchesFit(counted({}), counted({ x: 1 }))).toBe(true)
    expect(sketchesFit(createPaneSketch('binary'), counted({}))).toBe(true)
    expect(sketchesFit(counted({}), createPaneSketch('regression'))).toBe(false)
    expect(sketchesFit(counted({}), onOther(fewer))).toBe(false)
    expect(sketchesFit(counted({}), onOther(otherKind))).toBe(false)
  })
})

describe('countsOf', () => {
  it('gives zeros for a sketch without features, and null for other edges', () => {
    const empty = countsOf(createPaneSketch('binary'), layout, 1)!
    expect(empty).toMatchObject({ kind: 'categorical', counts: { missing: 0, wrongType: 0 } })
    expect(countsOf(counted({}), compileLayout(new Map()), 0)).toBeNull()
  })
})

describe('clonePaneSketch', () => {
  it('shares nothing with its original', () => {
    const original = counted({ x: 1, c: 'c1' })
    const copy = clonePaneSketch(original)
    expect(copy).toEqual(original)
    addFeatures(copy, layout, { x: 2, c: 'c1' }, 'b')
    addOutcome(copy.performance, { prediction: 'yes', score: 0.5, label: 'yes', positiveLabel: 'yes' })
    expect(original).toEqual(counted({ x: 1, c: 'c1' }))
  })
})
