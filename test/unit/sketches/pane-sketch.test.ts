import { describe, expect, it } from 'vitest'
import type { FeatureValue } from '../../../src/events/feature-event.ts'
import {
  addFeatures,
  clonePaneSketch,
  createPaneSketch,
  mergePaneSketch,
  sketchesFit,
} from '../../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../../src/sketches/performance-counts.ts'
import type { NumericCounts, PaneSketch, Reference } from '../../../src/sketches/types.ts'
import { smallReference } from '../../support/sketch-samples.ts'

const reference = smallReference()

function counted(...events: Record<string, FeatureValue>[]): PaneSketch {
  const sketch = createPaneSketch(reference, 'binary')
  for (const features of events) addFeatures(sketch, reference, features)
  return sketch
}

function missing(sketch: PaneSketch): Record<string, number> {
  return Object.fromEntries([...sketch.features].map(([name, { counts }]) => [`${name}`, counts.missing]))
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
    expect((sketch.features.get('__proto__')!.counts as NumericCounts).max).toBe(3)
    expect(sketch.unknownFeatures).toBe(1)
  })

  it('counts events alone without a reference', () => {
    const sketch = createPaneSketch(null, 'regression')
    addFeatures(sketch, null, { x: 1 })
    expect(sketch).toMatchObject({ events: 1, unknownFeatures: 0 })
    expect(sketch.features.size).toBe(0)
  })
})

describe('mergePaneSketch', () => {
  it('gives the counts of all events together', () => {
    const [a, b, c] = [{ x: 1 }, { c: 'c1', new: 1 }, { x: 400, constructor: false }] as const
    const merged = counted(a)
    mergePaneSketch(merged, counted(b, c))
    expect(merged).toEqual(counted(a, b, c))
  })

  it('refuses features the other does not have', () => {
    expect(() => mergePaneSketch(createPaneSketch(null, 'binary'), counted())).toThrow(/counts of "x"/)
  })
})

describe('sketchesFit', () => {
  it('tells whether two sketches were counted on edges alike', () => {
    const fewer: Reference = { ...reference, features: new Map([...reference.features].slice(1)) }
    expect(sketchesFit(counted(), counted({ x: 1 }))).toBe(true)
    expect(sketchesFit(counted(), createPaneSketch(reference, 'regression'))).toBe(false)
    expect(sketchesFit(counted(), createPaneSketch(fewer, 'binary'))).toBe(false)
    expect(sketchesFit(createPaneSketch(null, 'binary'), counted())).toBe(false)
    const kind = new Map(reference.features).set('x', reference.features.get('c')!)
    expect(sketchesFit(counted(), createPaneSketch({ ...reference, features: kind }, 'binary'))).toBe(false)
  })
})

describe('clonePaneSketch', () => {
  it('shares nothing with its original', () => {
    const original = counted({ x: 1, c: 'c1' })
    const copy = clonePaneSketch(original)
    expect(copy).toEqual(original)
    addFeatures(copy, reference, { x: 2, c: 'c1' })
    addOutcome(copy.performance, { prediction: 'yes', score: 0.5, label: 'yes', positiveLabel: 'yes' })
    expect(original).toEqual(counted({ x: 1, c: 'c1' }))
  })
})
