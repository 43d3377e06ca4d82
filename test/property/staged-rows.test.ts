import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeatureValue } from '../../src/events/feature-event.ts'
import { compileLayout } from '../../src/sketches/block-layout.ts'
import { featureCounts, tailCounts } from '../../src/sketches/block-views.ts'
import { addCategorical, createCategoricalCounts } from '../../src/sketches/categorical-counts.ts'
import { createCategoryDictionary } from '../../src/sketches/category-dictionary.ts'
import { cellTotal } from '../../src/sketches/cells.ts'
import { countColumn } from '../../src/sketches/count-column.ts'
import { countValues } from '../../src/sketches/count-values.ts'
import { createFeatureBlock, exactCount } from '../../src/sketches/feature-block.ts'
import { nextUp } from '../../src/sketches/next-up.ts'
import { addNumeric, createNumericCounts } from '../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../src/sketches/numeric-grid.ts'
import {
  countStagedRows,
  createStagedRows,
  STAGED_ROWS_MAX,
  stageRow,
  withRoomFor,
} from '../../src/sketches/staged-rows.ts'
import type { FeatureReference } from '../../src/sketches/types.ts'
import { drawShape, NUMERIC_SHAPES } from '../support/numeric-shapes.ts'
import { anyFeatureValue } from '../support/sketch-samples.ts'

const HARD_NUMBERS = [0, -0, NaN, Infinity, -Infinity, 5e-324, -5e-324, 1.7e308, -1.7e308, 2 ** -1022]
const dictionary = createCategoryDictionary(['a', 'b', '1'])

/** One numeric feature a shape, and a categorical one between them. */
function mixedLayout(seed: number, shapes: readonly string[]) {
  const features = shapes.map((shape, at): [string, FeatureReference] => {
    const sample = drawShape(shape, seed, 2000)
    const grid = cutGrid(sample, [20, 64, 512][seed % 3])
    const counts = createNumericCounts(grid)
    // Counted or only cut: the guide may differ, the bins may not.
    if (seed % 2 === 0) for (const x of sample) addNumeric(grid, counts, x)
    return [`f${at}`, { kind: 'numeric', grid, counts }]
  })
  features.splice(1, 0, [
    'c',
    { kind: 'categorical', dictionary, counts: createCategoricalCounts(dictionary) },
  ])
  return compileLayout(new Map(features))
}

/** Rows as streams bring them, with edges, their neighbours and everything odd among them. */
function drawRows(seed: number, shapes: readonly string[], odd: readonly FeatureValue[], count: number) {
  const layout = mixedLayout(seed, shapes)
  const drawn = shapes.map((shape) => drawShape(shape, seed + 1, count))
  drawn.splice(1, 0, [])
  return Array.from({ length: count }, (_, row) =>
    layout.features.map((feature, at): FeatureValue | undefined => {
      if ((row * 7 + at) % 5 === 0) return odd[(row + at) % odd.length]
      if (feature.kind === 'categorical') return dictionary.categories[row % 3]
      const { edges } = feature.grid
      const edge = edges[(row * 31) % edges.length]
      if (edge === undefined || row % 3 > 0) return drawn[at]![row]
      return [edge, nextUp(edge), -nextUp(-edge)][(row / 3) % 3]
    }),
  )
}

describe('staged rows', () => {
  const shapes = fc.array(fc.constantFrom(...Object.keys(NUMERIC_SHAPES)), { minLength: 1, maxLength: 4 })
  const odd = fc.array(fc.oneof(anyFeatureValue, fc.constantFrom(undefined, ...HARD_NUMBERS)), {
    minLength: 1,
    maxLength: 30,
  })

  it('count as their values do one by one, in runs of any length', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        shapes,
        odd,
        fc.integer({ min: 1, max: STAGED_ROWS_MAX }),
        fc.integer({ min: 1, max: 600 }),
        (seed, names, strange, rowsMax, count) => {
          const layout = mixedLayout(seed, names)
          const rows = drawRows(seed, names, strange as FeatureValue[], count)
          const [staged, single] = [createFeatureBlock(layout.shape), createFeatureBlock(layout.shape)]
          let stage = createStagedRows(layout.names.length, Math.ceil(rowsMax / 2))
          rows.forEach((row, at) => {
            if (stage.count === stage.rowsMax && stage.rowsMax < rowsMax) stage = withRoomFor(stage, rowsMax)
            else if (stage.count === stage.rowsMax) countStagedRows(stage, staged, layout)
            stageRow(stage, staged, layout, row, { id: `event ${at}` })
            countValues(single, layout, row, `event ${at}`)
          })
          countStagedRows(stage, staged, layout)
          expect(staged).toEqual(single)
          layout.features.forEach((feature, at) => {
            if (feature.kind === 'categorical') {
              const counts = createCategoricalCounts(dictionary)
              for (const row of rows) addCategorical(feature, counts, row[at])
              expect(featureCounts(staged, at)).toEqual({ kind: 'categorical', counts })
              return
            }
            const counts = createNumericCounts(feature.grid)
            for (const row of rows) addNumeric(feature.grid, counts, row[at])
            expect(featureCounts(staged, at)).toEqual({ kind: 'numeric', counts })
            const { below, above } = tailCounts(staged, at)
            if (feature.grid.edges.length === 0) return
            expect([cellTotal(below), cellTotal(above)]).toEqual([counts.bins[0], counts.bins.at(-1)])
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('carry and borrow where counts pass 2^32 - 1 in the middle of a run', () => {
    const layout = mixedLayout(0, ['integers'])
    const block = createFeatureBlock(layout.shape)
    block.cells.fill(2 ** 32 - 3)
    const once = createFeatureBlock(layout.shape)
    const rows = drawRows(0, ['integers'], [NaN, null, 'x', Infinity, 'NaN', -1e9, 1e9], 600)
    const stage = createStagedRows(layout.names.length, 200)
    rows.forEach((row, at) => {
      if (stage.count === stage.rowsMax) countStagedRows(stage, block, layout)
      stageRow(stage, block, layout, row, { id: '' })
      countValues(once, layout, row, `${at}`)
    })
    countStagedRows(stage, block, layout)
    for (let cell = 0; cell < block.cells.length; cell++) {
      expect(exactCount(block, cell)).toBe(2 ** 32 - 3 + exactCount(once, cell))
    }
  })
})

describe('countColumn', () => {
  it.each(Object.keys(NUMERIC_SHAPES))('counts a column of any length as one by one: %s', (shape) => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1000), fc.nat(3), (seed, count, offset) => {
        const layout = mixedLayout(seed, [shape])
        const feature = layout.features[0]!
        if (feature.kind !== 'numeric') expect.fail('expected a numeric feature')
        const drawn = drawShape(shape, seed + 1, count)
        const values = Float64Array.from([...HARD_NUMBERS, ...HARD_NUMBERS, ...drawn]).subarray(offset)
        const counts = createNumericCounts(feature.grid)
        for (const x of values) addNumeric(feature.grid, counts, x)
        const block = createFeatureBlock(layout.shape)
        countColumn(block, layout, 0, values)
        expect(featureCounts(block, 0)).toEqual({ kind: 'numeric', counts })
      }),
      { numRuns: 10 },
    )
  })
})
