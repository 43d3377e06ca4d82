import { describe, expect, it } from 'vitest'
import { CATEGORICAL, createBlockShape } from '../../../src/sketches/block-shape.ts'
import type { DeltaEntry } from '../../../src/sketches/delta.ts'
import { encodeDelta, encodedEntryBytes } from '../../../src/sketches/delta-codec.ts'
import { createFeatureBlock } from '../../../src/sketches/feature-block.ts'
import { createPairedLosses } from '../../../src/sketches/paired-losses.ts'
import { createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { createPerformanceCounts } from '../../../src/sketches/performance-counts.ts'
import { splitDelta } from '../../../src/sketches/split-delta.ts'
import { deltaOf } from '../../support/sketch-deltas.ts'

function entries(count: number): DeltaEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    model: 'm',
    version: String(i),
    paneStart: i,
    referenceId: null,
    sketch: createPaneSketch('binary'),
  }))
}

describe('splitDelta', () => {
  it('leaves a small delta whole, also one without entries', () => {
    for (const delta of [deltaOf([]), deltaOf(entries(3))]) expect(splitDelta(delta)).toEqual([delta])
  })

  it('cuts entries into parts within the bound, in order, all with the same header', () => {
    const delta = deltaOf(entries(25))
    const entryBytes = encodedEntryBytes(delta.entries[24]!)
    const parts = splitDelta(delta, 10 * entryBytes)
    expect(parts.length).toBeGreaterThanOrEqual(3)
    parts.forEach((part, at) => {
      expect(part).toEqual({ ...delta, part: at, parts: parts.length, entries: part.entries })
      expect(encodeDelta(part).length).toBeLessThanOrEqual(10 * entryBytes + encodeDelta(deltaOf([])).length)
    })
    expect(parts.flatMap((part) => part.entries)).toEqual(delta.entries)
  })

  it('tells pairs once, in the first part', () => {
    const pair = { model: 'm', first: '1', second: '2', paneStart: 0, losses: createPairedLosses() }
    const parts = splitDelta({ ...deltaOf(entries(3)), pairs: [pair] }, 1)
    expect(parts.map(({ pairs }) => pairs?.length)).toEqual([1, undefined, undefined])
  })

  it('gives an entry beyond the bound a part of its own', () => {
    expect(splitDelta(deltaOf(entries(3)), 1).map((part) => part.entries.length)).toEqual([1, 1, 1])
  })

  it('keeps each part decodable: cells count, too', () => {
    const kinds = new Uint8Array(100).fill(CATEGORICAL)
    const block = createFeatureBlock(createBlockShape(kinds, new Uint32Array(100).fill(65_538)))
    const sketch = {
      events: 0,
      unknownFeatures: 0,
      block,
      performance: createPerformanceCounts('regression'),
    }
    const wide = entries(4).map((entry) => ({ ...entry, sketch }))
    const parts = splitDelta(deltaOf(wide))
    expect(parts.map((part) => part.entries.length)).toEqual([2, 2])
    expect(parts.map((part) => encodeDelta(part).length > 0)).toEqual([true, true])
  })
})
