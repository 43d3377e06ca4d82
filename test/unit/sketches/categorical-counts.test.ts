import { describe, expect, it } from 'vitest'
import {
  addCategorical,
  categoricalTotal,
  createCategoricalCounts,
  mergeCategoricalCounts,
} from '../../../src/sketches/categorical-counts.ts'
import { createCategoryDictionary, cutDictionary } from '../../../src/sketches/category-dictionary.ts'
import type { CategoricalReference } from '../../../src/sketches/types.ts'

/** A reference that keeps `a` and `b` and has seen `beyond` values of other categories. */
function reference(beyond: number): CategoricalReference {
  const dictionary = createCategoryDictionary(['a', 'b'])
  const counts = { cells: Uint32Array.of(5, 3, beyond, 0), missing: 0, wrongType: 0 }
  return { kind: 'categorical', dictionary, counts }
}

describe('cutDictionary', () => {
  it('keeps the most frequent, ties by name', () => {
    const counts = new Map([
      ['rare', 1],
      ['b', 7],
      ['Z', 7],
      ['a', 7],
      ['often', 9],
    ])
    expect(cutDictionary(counts, 4).categories).toEqual(['often', 'Z', 'a', 'b'])
    expect(cutDictionary(counts, 4).index.get('a')).toBe(2)
    expect(cutDictionary([]).categories).toEqual([])
  })

  it('keeps 256 by default', () => {
    const counts = Array.from({ length: 300 }, (_, i) => [`c${i}`, i] as const)
    expect(cutDictionary(counts).categories).toHaveLength(256)
  })
})

describe('addCategorical', () => {
  it('counts texts, numbers and booleans by their text', () => {
    const dictionary = createCategoryDictionary(['1', 'true', '__proto__'])
    const numbers = { kind: 'categorical', dictionary, counts: createCategoricalCounts(dictionary) } as const
    const counts = createCategoricalCounts(dictionary)
    for (const value of [1, '1', true, 'true', '__proto__', 'constructor', null, undefined]) {
      addCategorical(numbers, counts, value)
    }
    expect([...counts.cells]).toEqual([2, 2, 1, 0, 1])
    expect(counts.missing).toBe(2)
    expect(categoricalTotal(counts)).toBe(6)
  })

  it('knows a value as unseen only where the dictionary holds all the reference has seen', () => {
    for (const [beyond, cell] of [
      [0, 3],
      [1, 2],
    ] as const) {
      const counts = createCategoricalCounts(reference(beyond).dictionary)
      addCategorical(reference(beyond), counts, 'new')
      expect(counts.cells[cell]).toBe(1)
      expect(categoricalTotal(counts)).toBe(1)
    }
  })
})

describe('mergeCategoricalCounts', () => {
  it('adds cells and counters, and refuses another dictionary', () => {
    const a = { cells: Uint32Array.of(1, 2, 3), missing: 1, wrongType: 0 }
    mergeCategoricalCounts(a, { cells: Uint32Array.of(10, 20, 30), missing: 5, wrongType: 2 })
    expect(a).toEqual({ cells: Uint32Array.of(11, 22, 33), missing: 6, wrongType: 2 })
    expect(() => mergeCategoricalCounts(a, reference(0).counts)).toThrow(/same edges/)
  })
})
