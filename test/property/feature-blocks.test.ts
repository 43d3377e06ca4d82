import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeatureValue } from '../../src/events/feature-event.ts'
import { type BlockLayout, compileLayout } from '../../src/sketches/block-layout.ts'
import { featureCounts, tailCounts } from '../../src/sketches/block-views.ts'
import { addCategorical, createCategoricalCounts } from '../../src/sketches/categorical-counts.ts'
import { createCategoryDictionary } from '../../src/sketches/category-dictionary.ts'
import { cellTotal } from '../../src/sketches/cells.ts'
import { countValues } from '../../src/sketches/count-values.ts'
import {
  cloneFeatureBlock,
  createFeatureBlock,
  exactCount,
  mergeFeatureBlock,
  subtractFeatureBlock,
} from '../../src/sketches/feature-block.ts'
import { nextUp } from '../../src/sketches/next-up.ts'
import { addNumeric, createNumericCounts } from '../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../src/sketches/numeric-grid.ts'
import type { CategoricalReference, FeatureBlock, FeatureReference } from '../../src/sketches/types.ts'
import { UNSEEN_MAX } from '../../src/sketches/unseen-sample.ts'
import { drawShape, NUMERIC_SHAPES } from '../support/numeric-shapes.ts'
import { anyBlock } from '../support/sketch-deltas.ts'
import { anyFeatureValue } from '../support/sketch-samples.ts'

function numericFeature(sample: readonly number[], binsMax?: number): FeatureReference & { kind: 'numeric' } {
  const grid = cutGrid(sample, binsMax)
  const counts = createNumericCounts(grid)
  for (const x of sample) addNumeric(grid, counts, x)
  return { kind: 'numeric', grid, counts }
}

function layoutOfOne(feature: FeatureReference): BlockLayout {
  return compileLayout(new Map([['x', feature]]))
}

function countedBlock(
  layout: BlockLayout,
  rows: readonly (readonly FeatureValue[])[],
  idFrom = 0,
): FeatureBlock {
  const block = createFeatureBlock(layout.shape)
  rows.forEach((row, at) => {
    countValues(block, layout, row, `event ${idFrom + at}`)
  })
  return block
}

function nextDown(x: number): number {
  return -nextUp(-x)
}

const SPECIAL = [0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, 2 ** -1022, Number.MAX_VALUE, -Number.MAX_VALUE]

describe('the guide table', () => {
  const names = Object.keys(NUMERIC_SHAPES)

  it.each(names)('finds the bin that a binary search finds, for every double: %s', (name) => {
    const anyDouble = fc.oneof(
      fc.double({ noNaN: false }),
      fc.constantFrom(...SPECIAL),
      fc.integer({ min: -10, max: 600 }),
      fc.double({ min: -300, max: 300, noNaN: true }).map((power) => 10 ** power),
      fc.double({ min: 1e6 - 6, max: 1e6 + 6, noNaN: true }),
    )
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(20, 64, 512, 1000),
        fc.array(anyDouble, { maxLength: 100 }),
        (seed, binsMax, values) => {
          const feature = numericFeature(drawShape(name, seed, 3000), binsMax)
          const layout = layoutOfOne(feature)
          const edges = [...feature.grid.edges]
          const all = [
            ...values,
            ...SPECIAL,
            ...edges,
            ...edges.map(nextUp),
            ...edges.map(nextDown),
            ...drawShape(name, seed + 1, 300),
          ]
          const block = createFeatureBlock(layout.shape)
          const counts = createNumericCounts(feature.grid)
          for (const x of all) {
            countValues(block, layout, [x], '')
            addNumeric(feature.grid, counts, x)
          }
          expect(featureCounts(block, 0)).toEqual({ kind: 'numeric', counts })
          const { below, above } = tailCounts(block, 0)
          expect(cellTotal(below)).toBe(edges.length > 0 ? counts.bins[0] : 0)
          expect(cellTotal(above)).toBe(counts.bins.at(-1))
        },
      ),
      { numRuns: 15 },
    )
  })
})

describe('counting values', () => {
  const category = fc.oneof(
    anyFeatureValue,
    fc.constantFrom('__proto__', 'constructor', 'x'.repeat(10_000), '01', '1e21', '-0', -0, 1e21, 0.1),
  )

  it('counts categories by their text, numbers and booleans too, as one by one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(category.map(String), { maxLength: 8 }),
        fc.nat({ max: 1 }),
        fc.array(category, { maxLength: 50 }),
        (categories, beyond, values) => {
          const dictionary = createCategoryDictionary(categories)
          const counts = createCategoricalCounts(dictionary)
          counts.cells[categories.length] = beyond
          const reference: CategoricalReference = { kind: 'categorical', dictionary, counts }
          const oneByOne = createCategoricalCounts(dictionary)
          for (const value of values) addCategorical(reference, oneByOne, value)
          const block = countedBlock(
            layoutOfOne(reference),
            values.map((value) => [value]),
          )
          expect(featureCounts(block, 0)).toEqual({ kind: 'categorical', counts: oneByOne })
          const unseen = oneByOne.cells.at(-1)!
          expect(block.unseen?.get(0)?.length ?? 0).toBe(Math.min(UNSEEN_MAX, unseen))
        },
      ),
    )
  })

  it('samples what was unseen alike in any split and any order', () => {
    const dictionary = createCategoryDictionary(['a'])
    const counts = createCategoricalCounts(dictionary)
    const layout = layoutOfOne({ kind: 'categorical', dictionary, counts })
    const rows = fc.array(
      fc.record({ id: fc.string(), value: fc.constantFrom('a', 'new', 'newer', 'x'.repeat(99), 3, true) }),
      { minLength: 100, maxLength: 300 },
    )
    fc.assert(
      fc.property(rows, fc.nat({ max: 4 }), fc.nat(), (events, parts, turn) => {
        const blocks = Array.from({ length: parts + 1 }, () => createFeatureBlock(layout.shape))
        const whole = createFeatureBlock(layout.shape)
        events.forEach(({ id, value }, at) => {
          countValues(whole, layout, [value], id)
          countValues(blocks[(at * (turn + 1)) % blocks.length]!, layout, [value], id)
        })
        const merged = createFeatureBlock(layout.shape)
        for (const block of blocks.reverse()) mergeFeatureBlock(merged, block)
        expect(merged).toEqual(whole)
      }),
    )
  })
})

describe('blocks', () => {
  const twoAlike = anyBlock.chain((block) =>
    fc
      .array(fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1), {
        minLength: block.cells.length,
        maxLength: block.cells.length,
      })
      .map((cells) => [block, { ...cloneFeatureBlock(block), cells: Uint32Array.from(cells) }] as const),
  )

  function merged(...blocks: readonly FeatureBlock[]): FeatureBlock {
    const sum = createFeatureBlock(blocks[0]!.shape)
    for (const block of blocks) mergeFeatureBlock(sum, block)
    return sum
  }

  it('merge commutatively and associatively, past 32 bits too', () => {
    fc.assert(
      fc.property(twoAlike, ([a, b]) => {
        expect(merged(a, b)).toEqual(merged(b, a))
        expect(merged(merged(a, b), b)).toEqual(merged(a, merged(b, b)))
        const sum = merged(a, b)
        for (let cell = 0; cell < a.cells.length; cell++) {
          expect(exactCount(sum, cell)).toBe(exactCount(a, cell) + exactCount(b, cell))
        }
      }),
    )
  })

  it('take out again what was added', () => {
    fc.assert(
      fc.property(twoAlike, ([a, b]) => {
        const sum = merged(a, b)
        subtractFeatureBlock(sum, b)
        expect(sum.cells).toEqual(a.cells)
        expect(sum.carries).toEqual(a.carries)
      }),
    )
  })

  it('carry where a count passes 2^32 - 1, and show exact numbers', () => {
    const layout = layoutOfOne(numericFeature([1, 2, 3]))
    const block = createFeatureBlock(layout.shape)
    for (const x of [2, null]) countValues(block, layout, [x], '')
    const cell = block.cells.indexOf(1)
    block.cells[cell] = 2 ** 32 - 1
    countValues(block, layout, [2], '')
    const { counts } = featureCounts(block, 0)
    expect(counts).toMatchObject({ missing: 1 })
    expect(cellTotal('bins' in counts ? counts.bins : counts.cells)).toBe(2 ** 32)
  })
})
