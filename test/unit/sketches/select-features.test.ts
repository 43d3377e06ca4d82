import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { featureCounts } from '../../../src/sketches/block-views.ts'
import { packCoarse, unpackCoarse } from '../../../src/sketches/coarse-cells.ts'
import { selectedShape, selectFeatures } from '../../../src/sketches/select-features.ts'
import { anyBlock } from '../../support/sketch-deltas.ts'

describe('selectFeatures', () => {
  it('gives the same counts, extremes and samples at new places, counts past 32 bits among them', () => {
    fc.assert(
      fc.property(anyBlock, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (block, keep) => {
        const positions = [...block.shape.kinds.keys()].filter((position) => keep[position])
        const selected = selectFeatures(block, positions, selectedShape(block.shape, positions))
        expect(selected.shape.kinds).toHaveLength(positions.length)
        positions.forEach((from, to) => {
          expect(featureCounts(selected, to)).toEqual(featureCounts(block, from))
          expect(selected.unseen?.get(to)).toEqual(block.unseen?.get(from))
        })
        expect(selected.unseen?.size ?? 0).toBe(positions.filter((at) => block.unseen?.has(at)).length)
      }),
    )
  })
})

describe('coarse counts', () => {
  it('come back from their bytes, whatever their size', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (counts) => {
        const bytes = packCoarse(Float64Array.from(counts))
        expect([...unpackCoarse(bytes, counts.length)]).toEqual(counts)
      }),
    )
  })
})
